package com.example.website;

import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.connection.Departure;

import java.time.Duration;

/** Logs the duration of visits, and how their connections end. */
public class SiteDisconnectHandler extends DisconnectHandler {

    public SiteDisconnectHandler() {
        super(SiteSettings.load());
    }

    @Override
    protected void onDisconnected(Departure departure) {
        Duration stay = Duration.between(
                departure.connection().connectedAt(), departure.disconnection().disconnectedAt());
        System.out.printf(
                "{\"event\":\"visit-ended\",\"staySeconds\":%d,\"closeCode\":%s}%n",
                stay.toSeconds(), departure.disconnection().statusCode());
    }
}
