"""Registers, with Prefect 1.4.1, a flow of the same shape as mapped.ts; prints its id."""

import sys

from prefect import Flow, Parameter, task
from prefect.storage import Local


@task
def numbers(count):
    return list(range(count))


@task
def double(number):
    return number * 2


@task
def total(doubled):
    return sum(doubled)


with Flow("mapped", storage=Local(directory=sys.argv[1])) as flow:
    total(double.map(numbers(Parameter("count", default=1000))))

flow_id = flow.register(project_name="prefect", labels=[])
print("registered:" + flow_id)
