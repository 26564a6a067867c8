package com.example.website;

import io.github.visitorcounter.MessageHandler;
import io.github.visitorcounter.connection.ClientMessage;

import java.time.Duration;

/** Also answers how long a reader has been connected. */
public class SiteMessageHandler extends MessageHandler {

    public SiteMessageHandler() {
        super(SiteSettings.load());
    }

    @Override
    protected String onMessage(ClientMessage message) {
        if (!"stay".equals(message.action())) {
            return null;
        }
        Duration stay = Duration.between(message.connectedAt(), message.receivedAt());
        return "{\"type\":\"stay\",\"seconds\":%d}".formatted(stay.toSeconds());
    }
}
