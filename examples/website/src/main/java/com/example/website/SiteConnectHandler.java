package com.example.website;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.connection.Admission;
import io.github.visitorcounter.connection.Arrival;

/** Counts people, not the robots that say what they are. */
public class SiteConnectHandler extends ConnectHandler {

    public SiteConnectHandler() {
        super(SiteSettings.load());
    }

    @Override
    protected Admission admit(Arrival arrival) {
        String browser = arrival.request().header("User-Agent");
        return browser != null && browser.contains("bot") ? Admission.refuse(403) : Admission.accept();
    }
}
