package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;

import io.hubwire.localhub.engine.jobs.Jobs;
import java.util.List;

/** Jobs that update twins or call methods. Source: service-rest 8; the list's form is open-questions 41. */
final class ScheduledJobs implements Resource {
    private static final String JOB = "/jobs/v2/{jobId}";

    private final Jobs jobs;
    private final ServiceApi api;

    ScheduledJobs(Jobs jobs, ServiceApi api) {
        this.jobs = jobs;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("PUT", JOB, REGISTRY_WRITE, this::create),
                api.route("GET", JOB, REGISTRY_READ, call -> HttpAnswer.json(200, jobs.get(call.parameter("jobId")))),
                api.route(
                        "POST",
                        JOB + "/cancel",
                        REGISTRY_WRITE,
                        call -> HttpAnswer.json(200, jobs.cancel(call.parameter("jobId")))),
                api.route("GET", "/jobs/v2/query", REGISTRY_READ, this::list));
    }

    private HttpAnswer create(HttpCall call) {
        return HttpAnswer.json(200, jobs.create(call.parameter("jobId"), call.jsonObject()));
    }

    private HttpAnswer list(HttpCall call) {
        return Page.of(
                        jobs.list(
                                call.target().parameter("jobType").filter(type -> !type.isEmpty()),
                                call.target().parameter("jobStatus").filter(status -> !status.isEmpty())),
                        "jobId",
                        call)
                .answer("JobResponse");
    }
}
