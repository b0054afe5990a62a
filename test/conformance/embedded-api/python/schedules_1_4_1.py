"""Registers flows with schedules through the real Prefect 1.4.1 client; prints the times that Prefect itself gives each."""
import datetime
import json
import logging
import sys

import pendulum
import prefect
from prefect import Flow, Parameter, task
from prefect.run_configs import UniversalRun
from prefect.schedules import CronSchedule, IntervalSchedule, Schedule
from prefect.schedules.clocks import CronClock, DatesClock, IntervalClock
from prefect.storage import Local

logging.disable(logging.CRITICAL)
folder, after = sys.argv[1], pendulum.parse(sys.argv[2])
new_york = pendulum.datetime(2026, 1, 1, 2, 30, tz="America/New_York")

schedules = {
    "every day in its zone": IntervalSchedule(interval=datetime.timedelta(days=1), start_date=new_york),
    "every 45 minutes": IntervalSchedule(interval=datetime.timedelta(minutes=45)),
    "by cron in its zone": CronSchedule("30 9,17 * * mon-fri", start_date=new_york),
    "until its end": CronSchedule("0 * * * *", end_date=after.add(hours=5)),
    "of several clocks": Schedule(
        clocks=[
            CronClock("0 6 * * *", parameter_defaults={"city": "Seattle"}),
            IntervalClock(datetime.timedelta(hours=36), after.add(hours=1), parameter_defaults={"city": "New York"}),
            DatesClock([after.add(days=2), after.add(days=1), after.subtract(days=1)], labels=["by-hand"]),
        ]
    ),
}


@task
def show(city):
    return city


client = prefect.Client()
client.create_project("clocks")
told = {}
for name, schedule in schedules.items():
    run_config = UniversalRun(labels=["flow"])
    with Flow(name, schedule=schedule, storage=Local(directory=folder, add_default_labels=False), run_config=run_config) as flow:
        show(Parameter("city", default="Bern"))
    flow.register("clocks")
    told[name] = [
        [
            pendulum.instance(event.start_time).in_tz("UTC").format("YYYY-MM-DDTHH:mm:ss"),
            {"city": "Bern", **event.parameter_defaults},
            event.labels or ["flow"],
        ]
        for event in schedule.next(30, after=after, return_events=True)
    ]

with Flow("by hand", storage=Local(directory=folder, add_default_labels=False)) as flow:
    show([Parameter("city"), Parameter("day", default=None, required=False)])
flow.register("clocks")
print("told:" + json.dumps(told))
