// What cpprestsdk calls and MinGW has as an inline function only, which code that is not optimised
// does not find.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is Visual C++'s
extern "C" void* _ReturnAddress() {
    return __builtin_return_address(0);
}
