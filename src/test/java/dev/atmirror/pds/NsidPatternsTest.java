package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NsidPatternsTest {
    @ParameterizedTest
    @CsvSource({
        "app.bsky.feed.post,app.bsky.feed.post,true",
        "app.bsky.feed.post,app.bsky.feed.postgate,false",
        "app.bsky.feed.post,appxbsky.feed.post,false",
        "app.bsky.feed.*,app.bsky.feed.post,true",
        "app.bsky.feed.*,app.bsky.feed.post.more,true",
        "app.bsky.feed.*,app.bsky.feed,false",
        "app.bsky.feed.*,app.bsky.feedback.post,false",
        "*.example.note,com.example.note,true",
        "*.example.note,com.sub.example.note,false",
        "com.*.note,com.example.note,true",
        "com.*.note,com.a.b.note,false",
        "com.*.*,com.a.b.note,true",
        "*,com.example.note,true",
        "App.bsky.feed.post,app.bsky.feed.post,false",
    })
    void pattern_withStars_matchesWholeSegments(String pattern, String nsid, boolean expected) {
        assertThat(new NsidPatterns(List.of(pattern)).matches(nsid)).isEqualTo(expected);
    }

    @Test
    void patterns_none_matchAll() {
        NsidPatterns all = new NsidPatterns(List.of());
        assertThat(all.isAll()).isTrue();
        assertThat(all.matches("com.example.note")).isTrue();
    }

    @Test
    void patterns_several_matchAnyOfThem() {
        NsidPatterns some = new NsidPatterns(List.of("app.bsky.feed.*", "com.example.note"));
        assertThat(some.isAll()).isFalse();
        assertThat(some.matches("com.example.note")).isTrue();
        assertThat(some.matches("app.bsky.feed.like")).isTrue();
        assertThat(some.matches("app.bsky.graph.follow")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "app..post", "app.bsky.feed.po*", "app.**", ".*", "app.bsky.", "(a|b).c", "app.bsky.feed.?"})
    void pattern_thatIsNone_isRefused(String pattern) {
        assertThatThrownBy(() -> new NsidPatterns(List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }
}
