package com.example.website;

import io.github.visitorcounter.ReconcileHandler;
import io.github.visitorcounter.reconcile.ReconcileReport;

/** Reports repaired numbers. */
public class SiteReconcileHandler extends ReconcileHandler {

    public SiteReconcileHandler() {
        super(SiteSettings.load());
    }

    @Override
    protected void onReconciled(ReconcileReport report) {
        report.drifts()
                .forEach((counter, drift) -> System.out.printf(
                        "{\"event\":\"repaired\",\"counter\":\"%s\",\"tooMany\":%d}%n", counter, drift));
    }
}
