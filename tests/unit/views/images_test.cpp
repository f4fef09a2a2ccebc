#include "views/images.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::views;

TEST_CASE("pictures logged at steps are one picture") {
    const auto images = images_among({
        "images/sample#a%step%10%timestamp%1700000000001%11111111-1111-4111-8111-111111111111.png",
        "images/"
        "sample#a%step%10%timestamp%1700000000001%11111111-1111-4111-8111-111111111111%compressed."
        "webp",
        "images/sample#a%step%2%timestamp%1700000000000%22222222-2222-4222-8222-222222222222.png",
        "images/other+step+0+timestamp+1+33333333-3333-4333-8333-333333333333.png",
        "images/other+step+0+timestamp+1+33333333-3333-4333-8333-333333333333+compressed.webp",
        "images/pets~dog+step+7+timestamp+1+44444444-4444-4444-8444-444444444444.png",
    });
    REQUIRE(images.size() == 3);
    CHECK(images[0].name == "other");
    REQUIRE(images[0].steps.size() == 1);
    CHECK(images[0].steps[0].step == 0);
    CHECK(images[1].name == "pets/dog");
    CHECK(images[2].name == "sample/a");
    REQUIRE(images[2].steps.size() == 2);
    CHECK(images[2].steps[0].step == 2);
    CHECK(images[2].steps[1].step == 10);
}

TEST_CASE("other pictures go by their paths, and other files are none") {
    const auto images = images_among({"outputs/model.pkl",
                                      "outputs/Loss.PNG",
                                      "images/plain.jpg",
                                      "images/%step%1%.png",
                                      "images/a%step%x%.png",
                                      "images/b%step%5.png"});
    std::vector<std::string> names;
    for (const auto& image : images) {
        names.push_back(image.name);
        CHECK_FALSE(image.steps[0].step);
    }
    CHECK(names == std::vector<std::string>{"images/%step%1%.png",
                                            "images/a%step%x%.png",
                                            "images/b%step%5.png",
                                            "images/plain.jpg",
                                            "outputs/Loss.PNG"});
}

TEST_CASE("a picture is known by how it begins, whatever its name") {
    CHECK(image_type("plot", "\x89PNG\r\n") == "image/png");
    CHECK(image_type("a.png", "\xFF\xD8\xFF\xE0") == "image/jpeg");
    CHECK(image_type("a", "GIF89a") == "image/gif");
    CHECK(image_type("a", "RIFF....WEBPVP8 ") == "image/webp");
    CHECK(image_type("a.svg", "<svg/>") == "image/svg+xml");
    CHECK(image_type("a.png", "no picture").empty());
    CHECK(image_type("a.png", "").empty());
}
