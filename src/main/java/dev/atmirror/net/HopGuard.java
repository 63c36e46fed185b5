package dev.atmirror.net;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.net.URIAuthority;

/**
 * Stands between redirects and decompression, so that it sees every hop: the target must be one that {@link PdsUrl}
 * takes, and the decompressed body is bounded, also that of an answer that only redirects.
 */
final class HopGuard implements ExecChainHandler {
    private final long mostBytes;
    private final boolean allowPrivate;

    HopGuard(long mostBytes, boolean allowPrivate) {
        this.mostBytes = mostBytes;
        this.allowPrivate = allowPrivate;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        String target = scope.route.getTargetHost().toURI();
        URIAuthority authority = request.getAuthority();
        if (PdsUrl.of(target, allowPrivate).isEmpty() || authority != null && authority.getUserInfo() != null) {
            throw new RefusedTarget(target);
        }
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new HttpEntityWrapper(entity) {
                @Override
                public InputStream getContent() throws IOException {
                    return new LimitedBody(super.getContent(), mostBytes);
                }
            });
        }
        return response;
    }

    /** Stands below decompression: layers of it would let each kilobyte cost any amount of work. */
    static ClassicHttpResponse refuseLayers(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        String coding = response.getEntity() == null ? null : response.getEntity().getContentEncoding();
        if (coding != null && !coding.strip().matches("(?i)gzip|x-gzip|identity|")) {
            scope.execRuntime.discardEndpoint();
            throw new HttpException("a content encoding that was not asked for: " + coding);
        }
        return response;
    }
}
