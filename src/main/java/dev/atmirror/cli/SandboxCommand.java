package dev.atmirror.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "sandbox", mixinStandardHelpOptions = true)
final class SandboxCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
