package dev.atmirror.app;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The program's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.load(Map.of());
        Databases databases = Databases.open(settings);
        databases.flyway().migrate();
        Mirror mirror = new Mirror(settings, databases);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            mirror.close();
            databases.close();
            stopped.countDown();
        }));
        mirror.start(name -> true, true);
        stopped.await();
    }
}
