using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Runs one plan from beginning to rest. Everything in it follows from the plan alone.</summary>
internal sealed class SimulationRun
{
    /// <summary>What the clocks show when a run begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Everything must have arrived everywhere, and all metadata be forgotten, this long after the last fault.</summary>
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<ushort, SimulatedRegion> _regions = [];
    private readonly SeededRandom _random;
    private readonly Sessions _sessions;
    private readonly List<string> _notes = [];
    private readonly Func<ChangeOrigin, ClusterConfiguration, ISimulatedReplica> _newReplica;

    /// <param name="newReplica">What the regions store things in; the model when there is none.</param>
    public SimulationRun(SimulationPlan plan, Mutation? mutation = null, Func<ChangeOrigin, ClusterConfiguration, ISimulatedReplica>? newReplica = null)
    {
        Plan = plan;
        Mutation = mutation ?? Mutation.None;
        _random = new SeededRandom(plan.Seed).Fork(0x5EED);
        _newReplica = newReplica ?? ((origin, known) => new ModelReplica(origin, known, plan.Replica));
        _sessions = new Sessions(this);
        Checks = new SimulationChecks(this);
        Network = new SimulatedNetwork(this, plan.Network, _random.Fork(1));
        var configuration = new ClusterConfiguration(1, plan.Regions.Select(region => new RegionMember(region, 0)), null, plan.Scopes);
        Operator = new SimulatedOperator(this, configuration);
        Scopes = [0, .. plan.Scopes.Select(scope => scope.Id)];
        foreach (var region in plan.Regions)
            AddRegion(region, configuration);
    }

    public SimulationPlan Plan { get; }

    public Mutation Mutation { get; }

    public EventQueue Events { get; } = new();

    public History History { get; } = new();

    public SimulationChecks Checks { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedOperator Operator { get; }

    public IReadOnlyList<ulong> Scopes { get; }

    public IReadOnlyCollection<SimulatedRegion> Regions => _regions.Values;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>From the last fault to rest.</summary>
    public TimeSpan ConvergenceTime { get; private set; }

    public SimulatedRegion? Region(ushort region) => _regions.GetValueOrDefault(region);

    public bool MaySee(ulong scope, ushort region) => Operator.Current.Allows(scope, region);

    /// <exception cref="SimulationFailure">A property does not hold.</exception>
    public void Execute()
    {
        ScheduleAll();
        Events.RunUntil(Plan.Duration);
        Heal();
        ComeToRest();
        new FinalChecks(this).Check([.. Regions]);
    }

    /// <summary>Puts the plan's faults and writes among the events, for a test that looks at the middle of a run.</summary>
    public void ScheduleAll()
    {
        foreach (var fault in Plan.Faults)
            new FaultInjector(this).Schedule(fault);
        foreach (var operation in Plan.Operations)
            Events.At(operation.Time, () => _sessions.Begin(operation));
        Events.At(TimeSpan.FromMilliseconds(1), () => _regions.Values.First().SetUp());
        if (Plan.Operations.Count > 0)
            ProbeStaleness();
    }

    public void AddRegion(ushort region, ClusterConfiguration configuration)
    {
        var random = _random.Fork(100UL + region);
        var added = new SimulatedRegion(this, region, Mutation.Wrap(_newReplica(configuration.Member(region)!.Origin, configuration)), random);
        added.SetClock(random.Time(TimeSpan.FromMilliseconds(-20), TimeSpan.FromMilliseconds(20)) * (Plan.HasClockFaults ? 1 : 0), 0);
        foreach (var other in _regions.Keys)
            Network.Join(other, region);
        _regions.Add(region, added);
        added.Start();
    }

    /// <summary>Since the beginning of a run; 0 for no timestamp.</summary>
    public static long Milliseconds(HybridTimestamp timestamp) => timestamp == default ? 0 : timestamp.UnixMilliseconds - Start.ToUnixTimeMilliseconds();

    public void RemoveRegion(SimulatedRegion region) => _regions.Remove(region.Id);

    public void Note(string note)
    {
        if (_notes.Count < 10_000)
            _notes.Add($"{Events.Now.TotalSeconds:0.000} {note}");
    }

    /// <summary>The documents of a scope in which two regions differ.</summary>
    public string Differences(SimulatedRegion left, SimulatedRegion right, ulong scope) => string.Join(
        "; ",
        History.Transactions.SelectMany(transaction => transaction.Changes).Select(change => change.Key).Where(key => key.Scope == scope).Distinct()
            .Select(key => (key, Left: Text(left.Replica.Read(key)), Right: Text(right.Replica.Read(key))))
            .Where(entry => entry.Left != entry.Right)
            .Take(3)
            .Select(entry => $"{entry.key} is {entry.Left} and {entry.Right}"));

    private static string Text(ModelValue value) => $"{value.Register}/{value.Sum}/[{string.Join(',', value.Elements)}]";

    private void ProbeStaleness()
    {
        var random = _random.Fork(7);
        for (var time = TimeSpan.FromSeconds(1); time < Plan.Duration; time += TimeSpan.FromMilliseconds(500))
        {
            var bound = random.Time(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
            var index = random.Below(_regions.Count);
            Events.At(time, () => Checks.ProbeStaleness(_regions.Values.ElementAt(index % _regions.Count), bound));
        }
    }

    private void Heal()
    {
        Network.IsFaulty = false;
        Network.MendAll();
        foreach (var region in _regions.Values)
        {
            region.SetClock(TimeSpan.Zero, 0);
            region.Resume();
            region.Start();
        }
    }

    private void ComeToRest()
    {
        var healed = Events.Now;
        while (WhatIsUnrest() is { } unrest)
        {
            if (Events.Now - healed > RestTime)
                throw new SimulationFailure(unrest.Property, $"{RestTime.TotalSeconds} s after everything healed, {unrest.What}");
            Events.RunUntil(Events.Now + TimeSpan.FromMilliseconds(100));
        }
        ConvergenceTime = Events.Now - healed;
    }

    private (string Property, string What)? WhatIsUnrest()
    {
        if (!Operator.IsIdle)
            return ("P14", "the operator still waits for a region");
        AppliedVector? first = null;
        foreach (var region in _regions.Values)
        {
            if (!region.IsLive)
                return ("P14", $"region {region.Id} is {(region.IsUp ? region.Core!.Standing.ToString() : "down")}");
            var applied = region.Replica.State.Applied;
            first ??= applied;
            if (!applied.Covers(first) || !first.Covers(applied) || region.IsBusy)
                return ("P14", $"region {region.Id} has applied {applied}, another {first}");
        }
        foreach (var region in _regions.Values)
        {
            if (region.Replica.UnstableDocuments > 0)
                return ("P12", $"region {region.Id} keeps metadata of {region.Replica.UnstableDocuments} documents, stable is {Milliseconds(region.Core!.Stable)} ms");
        }
        return null;
    }
}
