// Put before every source that uses cpprestsdk: what it expects of compilers and libraries that it
// was not written for.
#pragma once

#include <string>

#ifdef __MINGW32__

// What Visual C++ has without being asked.
#include <crtdbg.h>
#include <intrin.h>
#include <windows.h>
#include <winsock2.h>

#define __assume(condition) __builtin_assume(condition)
// MinGW has it for some processors, and there as an inline function that no object holds.
#define _ReturnAddress() __builtin_return_address(0)
// MinGW's cannot stand in a class.
#undef C_ASSERT
#define C_ASSERT(condition) static_assert(condition, #condition)

#endif

// Streams of bytes need std::char_traits<unsigned char>, which libc++ 19 removed, as the standard
// never promised it.
#ifdef _LIBCPP_VERSION

#include <cstring>

template <>
struct std::char_traits<unsigned char> {
    using char_type = unsigned char;
    using int_type = int;
    using off_type = std::streamoff;
    using pos_type = std::streampos;
    using state_type = std::mbstate_t;

    static void assign(char_type& to, const char_type& from) noexcept { to = from; }

    static char_type* assign(char_type* to, std::size_t count, char_type value) {
        return static_cast<char_type*>(std::memset(to, value, count));
    }

    static bool eq(char_type left, char_type right) noexcept { return left == right; }

    static bool lt(char_type left, char_type right) noexcept { return left < right; }

    static int compare(const char_type* left, const char_type* right, std::size_t count) {
        return count == 0 ? 0 : std::memcmp(left, right, count);
    }

    static std::size_t length(const char_type* text) {
        std::size_t count = 0;
        while (text[count] != 0) ++count;
        return count;
    }

    static const char_type* find(const char_type* text,
                                 std::size_t count,
                                 const char_type& wanted) {
        return count == 0 ? nullptr
                          : static_cast<const char_type*>(std::memchr(text, wanted, count));
    }

    static char_type* move(char_type* to, const char_type* from, std::size_t count) {
        return count == 0 ? to : static_cast<char_type*>(std::memmove(to, from, count));
    }

    static char_type* copy(char_type* to, const char_type* from, std::size_t count) {
        return count == 0 ? to : static_cast<char_type*>(std::memcpy(to, from, count));
    }

    static int_type not_eof(int_type value) noexcept { return value == eof() ? 0 : value; }

    static char_type to_char_type(int_type value) noexcept { return static_cast<char_type>(value); }

    static int_type to_int_type(char_type value) noexcept { return value; }

    static bool eq_int_type(int_type left, int_type right) noexcept { return left == right; }

    static int_type eof() noexcept { return EOF; }
};

#endif
