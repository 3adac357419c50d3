// A findstr that finds nothing.
int main(void) { return 1; }
