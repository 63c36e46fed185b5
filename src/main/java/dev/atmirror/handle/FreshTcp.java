package dev.atmirror.handle;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Message;
import org.xbill.DNS.io.DefaultIoClientFactory;
import org.xbill.DNS.io.IoClientFactory;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

/**
 * A connection for each question that goes by TCP, closed behind its answer. dnsjava's own client keeps one for each server
 * and never gives it up, not even where every question over it runs into its time limit. Few answers are too long for UDP, so
 * what a connection costs is of no account.
 */
final class FreshTcp implements TcpIoClient, IoClientFactory {
    private static final int LENGTH = Short.BYTES;

    private final IoClientFactory usual = new DefaultIoClientFactory();

    @Override
    public TcpIoClient createOrGetTcpClient() {
        return this;
    }

    @Override
    public UdpIoClient createOrGetUdpClient() {
        return usual.createOrGetUdpClient();
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceiveTcp(
            InetSocketAddress local, InetSocketAddress remote, Message query, byte[] data, Duration timeout) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
            answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((got, e) -> close(channel));
            ByteBuffer question = ByteBuffer.allocate(LENGTH + data.length).putShort((short) data.length).put(data).flip();
            channel.connect(remote, null, new Then<Void>(answer) {
                @Override
                public void completed(Void done, Void nothing) {
                    new Asking(channel, answer).write(question);
                }
            });
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Ends whatever is under way on it, too. */
    private static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What follows a step; its failure is that of the question. */
    private abstract static class Then<T> implements CompletionHandler<T, Void> {
        private final CompletableFuture<byte[]> answer;

        Then(CompletableFuture<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void failed(Throwable e, Void nothing) {
            answer.completeExceptionally(e instanceof IOException ? e : new SocketTimeoutException(e.toString()));
        }
    }

    /** One question on its connection. */
    private record Asking(AsynchronousSocketChannel channel, CompletableFuture<byte[]> answer) {
        void write(ByteBuffer question) {
            if (!question.hasRemaining()) {
                read(ByteBuffer.allocate(LENGTH), true);
                return;
            }
            channel.write(question, null, new Then<Integer>(answer) {
                @Override
                public void completed(Integer written, Void nothing) {
                    write(question);
                }
            });
        }

        void read(ByteBuffer into, boolean isLength) {
            if (!into.hasRemaining()) {
                if (isLength) {
                    read(ByteBuffer.allocate(Short.toUnsignedInt(into.flip().getShort())), false);
                } else {
                    answer.complete(into.array());
                }
                return;
            }
            channel.read(into, null, new Then<Integer>(answer) {
                @Override
                public void completed(Integer read, Void nothing) {
                    if (read < 0) {
                        failed(new EOFException("the name server hung up"), null);
                    } else {
                        read(into, isLength);
                    }
                }
            });
        }
    }
}
