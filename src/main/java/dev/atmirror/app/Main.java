package dev.atmirror.app;

/** The program's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.err.println("at-mirror: no command is built yet");
        System.exit(2);
    }
}
