// What cpprestsdk calls and MinGW's headers have as an inline function only, which no object holds.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is Visual C++'s
extern "C" void* _ReturnAddress() {
    return __builtin_return_address(0);
}
