namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Makes faults happen, and end.</summary>
internal sealed class FaultInjector(SimulationRun run)
{
    public void Schedule(Fault fault)
    {
        if (fault is RegionRestored restored)
            run.Events.At(restored.BackupTime, () => run.Operator.TakeBackup(restored));
        run.Events.At(fault.Time, () => Begin(fault));
    }

    private void Begin(Fault fault)
    {
        run.Note(fault.ToString());
        switch (fault)
        {
            case LinkReset reset:
                run.Network.Reset(reset.Left, reset.Right);
                break;
            case OneWayCut cut:
                run.Network.Cut(cut.From, cut.To);
                Until(cut.Duration, () => run.Network.Mend(cut.From, cut.To));
                break;
            case Partition partition:
                foreach (var (left, right) in partition.Pairs)
                    CutBoth(left, right, partition.Duration);
                break;
            case Crash crash:
                run.Region(crash.Region)?.Crash();
                Until(crash.Duration, () => run.Region(crash.Region)?.Start());
                break;
            case Pause pause:
                run.Region(pause.Region)?.Pause();
                Until(pause.Duration, () => run.Region(pause.Region)?.Resume());
                break;
            case ClockJump jump:
                run.Region(jump.Region)?.SetClock(jump.Offset, 0);
                break;
            case ClockDrift drift:
                run.Region(drift.Region)?.DriftFromNow(drift.Rate);
                break;
            case ForcedTruncation truncation:
                run.Region(truncation.Region)?.ForceTruncation();
                break;
            default:
                run.Operator.Begin(fault);
                break;
        }
    }

    private void CutBoth(ushort left, ushort right, TimeSpan duration)
    {
        run.Network.Cut(left, right);
        run.Network.Cut(right, left);
        Until(duration, () =>
        {
            run.Network.Mend(left, right);
            run.Network.Mend(right, left);
        });
    }

    /// <summary>Healing at the end of the plan ends what would last longer.</summary>
    private void Until(TimeSpan duration, Action end)
    {
        if (run.Events.Now + duration < run.Plan.Duration)
            run.Events.After(duration, end);
    }
}
