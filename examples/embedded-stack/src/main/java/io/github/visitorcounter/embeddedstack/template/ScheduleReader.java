package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.schedule.Schedule;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code AWS::Events::Rule} with a rate. */
final class ScheduleReader {

    private ScheduleReader() {}

    /** Returns the schedules of a rule, one for each target; expressions other than rates are reported. */
    static List<Schedule> read(PropertyReader properties, String name, String arn, Permissions permissions) {
        String expression = properties.text("ScheduleExpression", "");
        if (!Schedule.isRate(expression)) {
            properties.reportUnsupported(expression.isEmpty() ? "for events" : "with " + expression);
            return List.of();
        }
        properties.irrelevant("Name", "Description", "Tags");
        boolean enabled = properties.text("State", "ENABLED").equals("ENABLED");
        List<Schedule> schedules = new ArrayList<>();
        for (PropertyReader target : properties.objects("Targets")) {
            target.irrelevant("Id");
            String function = FunctionReader.shortName(target.required("Arn"));
            permissions.check(target, "Arn", function, "events", arn);
            if (enabled) {
                schedules.add(new Schedule(name, function, Schedule.rate(expression), target.text("Input")));
            }
        }
        properties.finish();
        return schedules;
    }
}
