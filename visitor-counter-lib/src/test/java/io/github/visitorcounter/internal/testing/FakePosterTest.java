package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.broadcast.delivery.Poster;
import io.github.visitorcounter.internal.broadcast.delivery.PosterContract;

/** Runs the contract suite on the fake. */
class FakePosterTest extends PosterContract {

    private static final String ID = "R0oXAdfD0kwCH6w=";

    private final FakePoster poster = new FakePoster();
    private int read;

    @Override
    protected Poster poster() {
        return poster;
    }

    @Override
    protected Client open() {
        poster.open(ID);
        return new Client() {
            @Override
            public String connectionId() {
                return ID;
            }

            @Override
            public String next() {
                return poster.received(ID).get(read++);
            }

            @Override
            public void close() {
                poster.close(ID);
            }
        };
    }

    @Override
    protected String beginHandshake() {
        return "handshake=";
    }

    @Override
    protected void trouble(Trouble trouble) {
        poster.script(
                ID,
                switch (trouble) {
                    case THROTTLES -> FakePoster.THROTTLED;
                    case FAILS, HANGS -> FakePoster.UNAVAILABLE;
                });
    }
}
