package com.example.website;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.broadcast.BroadcastReport;
import io.github.visitorcounter.broadcast.StaleConnection;
import io.github.visitorcounter.broadcast.StaleConnectionPolicy.Decision;

import java.time.Duration;

/** Keeps stale connections for a minute, so that phones can reconnect, and logs each broadcast. */
public class SiteBroadcastHandler extends StreamBroadcastHandler {

    private static final Duration TIME_TO_RECONNECT = Duration.ofMinutes(1);

    public SiteBroadcastHandler() {
        super(SiteSettings.load(Setting.CALLBACK_URL));
    }

    @Override
    protected Decision onStale(StaleConnection stale) {
        return stale.age().compareTo(TIME_TO_RECONNECT) < 0 ? Decision.KEEP : Decision.REMOVE;
    }

    @Override
    protected void onBroadcast(BroadcastReport report) {
        System.out.printf(
                "{\"event\":\"sent\",\"people\":%d,\"millis\":%d}%n",
                report.tally().delivered(), report.elapsed().toMillis());
    }
}
