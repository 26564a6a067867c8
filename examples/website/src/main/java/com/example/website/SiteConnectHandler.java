package com.example.website;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.Ports;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;

/** Rejects robots that identify themselves. */
public class SiteConnectHandler extends ConnectHandler {

    public SiteConnectHandler() {
        super(SiteSettings.load());
    }

    SiteConnectHandler(Ports ports) {
        super(SiteSettings.load(), ports);
    }

    @Override
    protected ConnectDecision admit(Arrival arrival) {
        String browser = arrival.request().header("User-Agent");
        return browser != null && browser.contains("bot") ? ConnectDecision.reject(403) : ConnectDecision.accept();
    }
}
