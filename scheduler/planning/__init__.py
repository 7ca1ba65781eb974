"""From the model to intent: slots, plan, diff, guard. Pure: no clock, network, database or environment."""
