package dev.atmirror.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up {@code atmirror.routes.<stage>.enabled} while the program runs: looks at the settings' file every second,
 * which works on every file system, and starts or stops the stages that changed. Of other settings it says that they
 * are taken up at the next start. A file that does not read, or holds a wrong value, changes nothing and is warned of; one that changed since the last look may be half written, and is left to the next.
 */
final class StageSwitches implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Pattern SWITCH = Pattern.compile("atmirror\\.routes\\.([a-z-]+)\\.enabled");
    private static final Logger LOG = LoggerFactory.getLogger(StageSwitches.class);

    private final Mirror mirror;
    private final Settings settings;
    private final Path file;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "stage-switches");
        thread.setDaemon(true);
        return thread;
    });
    private Map<String, Boolean> present;
    private Map<String, String> texts;
    private Optional<String> seen = Optional.empty();
    private Optional<String> takenUp = Optional.empty();

    private StageSwitches(Mirror mirror, Settings settings) {
        this.mirror = mirror;
        this.settings = settings;
        this.file = settings.file();
        this.present = switches(settings);
        this.texts = texts(settings);
    }

    /** @param settings that the mirror was started with */
    static StageSwitches watch(Mirror mirror, Settings settings) {
        StageSwitches switches = new StageSwitches(mirror, settings);
        switches.timer.scheduleWithFixedDelay(
                switches::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return switches;
    }

    private Optional<String> state() {
        try {
            return Optional.of(Files.getLastModifiedTime(file) + " " + Files.size(file));
        } catch (IOException e) {
            return Optional.empty(); // An editor may be replacing it just now.
        }
    }

    private void look() {
        Optional<String> now = state();
        boolean settled = now.equals(seen);
        seen = now;
        if (now.isEmpty() || !settled || now.equals(takenUp)) {
            return;
        }
        takenUp = now;
        try {
            Settings changed = settings.again();
            apply(switches(changed));
            sayWhatWaits(texts(changed));
        } catch (RuntimeException e) { // Whatever is wrong with the file, the mirror goes on as it was.
            LOG.warn("{} is not taken up: {}", file, e.getMessage());
        }
    }

    private void apply(Map<String, Boolean> wanted) {
        wanted.forEach((stage, on) -> {
            if (!on.equals(present.get(stage))) {
                LOG.info("{}: switched {} in {}", stage, on ? "on" : "off", file);
                mirror.toggle(stage, on);
            }
        });
        present = wanted;
    }

    /** What is set otherwise than at the last look, and stays as it was until the program starts anew. */
    private void sayWhatWaits(Map<String, String> now) {
        String changed = now.keySet().stream()
                .filter(key -> !SWITCH.matcher(key).matches() && !now.get(key).equals(texts.get(key)))
                .collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            LOG.info("{}: changed in {}; taken up at the next start", changed, file);
        }
        texts = now;
    }

    private static Map<String, String> texts(Settings settings) {
        Map<String, String> texts = new TreeMap<>();
        settings.keys().forEach(key -> texts.put(key, settings.text(key)));
        return texts;
    }

    private static Map<String, Boolean> switches(Settings settings) {
        Map<String, Boolean> switches = new TreeMap<>();
        for (String key : settings.keys()) {
            Matcher matcher = SWITCH.matcher(key);
            if (matcher.matches()) {
                switches.put(matcher.group(1), settings.flag(key));
            }
        }
        return switches;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
