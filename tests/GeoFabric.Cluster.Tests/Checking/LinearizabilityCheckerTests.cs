namespace GeoFabric.Cluster.Tests.Checking;

public sealed class LinearizabilityCheckerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = SeedCount.Of(200);

    [Fact]
    public void A_read_may_return_the_old_or_the_new_value_while_a_write_is_under_way()
    {
        var write = At("a", 0, 100, ObjectAction.Write, argument: "1");

        Assert.True(CheckRegister(write, At("b", 10, 20, ObjectAction.Read), At("b", 30, 40, ObjectAction.Read, result: "1")).IsClean);
        Assert.False(CheckRegister(write, At("b", 10, 20, ObjectAction.Read, result: "1"), At("b", 30, 40, ObjectAction.Read)).IsClean);
        Assert.False(CheckRegister(write, At("b", 110, 120, ObjectAction.Read)).IsClean);
        Assert.True(CheckRegister(write, At("b", 100, 120, ObjectAction.Read)).IsClean);
    }

    [Fact]
    public void A_client_does_one_thing_after_the_other_even_in_the_same_instant()
    {
        var write = At("a", 0, 10, ObjectAction.Write, argument: "1");

        Assert.False(CheckRegister(write, At("a", 10, 10, ObjectAction.Read)).IsClean);
        Assert.True(CheckRegister(write, At("b", 10, 10, ObjectAction.Read)).IsClean);
    }

    [Fact]
    public void An_unknown_write_takes_effect_at_any_later_time_or_never()
    {
        var write = At("a", 10, 20, ObjectAction.Write, argument: "1") with { Outcome = TransactionOutcome.Unknown };
        var late = At("b", 500, 510, ObjectAction.Read, result: "1");

        Assert.True(CheckRegister(write, At("b", 30, 40, ObjectAction.Read), late).IsClean);
        Assert.True(CheckRegister(write, At("b", 30, 40, ObjectAction.Read)).IsClean);
        Assert.False(CheckRegister(write, late, At("b", 520, 530, ObjectAction.Read)).IsClean);
        Assert.False(CheckRegister(write, At("b", 0, 5, ObjectAction.Read, result: "1")).IsClean);
    }

    [Fact]
    public void A_refused_write_is_never_read() =>
        Assert.False(CheckRegister(At("a", 0, 10, ObjectAction.Write, argument: "1") with { Outcome = TransactionOutcome.Failed }, At("b", 20, 30, ObjectAction.Read, result: "1")).IsClean);

    [Fact]
    public void Of_two_comparisons_with_one_value_one_holds()
    {
        var first = At("a", 0, 10, ObjectAction.CompareAndSet, argument: "1", result: "true");
        var second = At("b", 0, 10, ObjectAction.CompareAndSet, argument: "2", result: "true");

        Assert.False(CheckRegister(first, second).IsClean);
        Assert.True(CheckRegister(first, second with { Result = "false" }).IsClean);
        Assert.True(CheckRegister(first, second with { Expected = "1" }).IsClean);
    }

    [Fact]
    public void A_counter_never_sells_what_it_has_not_got()
    {
        var model = new BoundedCounterModel(initial: 5);
        var first = At("a", 0, 10, ObjectAction.Add, argument: "-3");
        var second = At("b", 0, 10, ObjectAction.Add, argument: "-3");

        Assert.False(LinearizabilityChecker.Check(model, [first, second]).IsClean);
        Assert.True(LinearizabilityChecker.Check(model, [first, second with { Result = BoundedCounterModel.Refused }]).IsClean);
        Assert.False(LinearizabilityChecker.Check(model, [first with { Result = BoundedCounterModel.Refused }]).IsClean);
        Assert.True(LinearizabilityChecker.Check(model, [first, second with { Outcome = TransactionOutcome.Unknown }, At("c", 20, 30, ObjectAction.Read, result: "2")]).IsClean);
    }

    [Fact]
    public void A_set_is_read_whole_or_by_element()
    {
        var model = new SetModel();
        var add = At("a", 0, 10, ObjectAction.Add, argument: "x", result: "true");

        Assert.True(LinearizabilityChecker.Check(model, [add, At("b", 20, 30, ObjectAction.Contains, argument: "x", result: "true")]).IsClean);
        Assert.False(LinearizabilityChecker.Check(model, [add, At("b", 20, 30, ObjectAction.Contains, argument: "x", result: "false")]).IsClean);
        Assert.False(LinearizabilityChecker.Check(model, [add, At("b", 20, 30, ObjectAction.Add, argument: "x", result: "true")]).IsClean);
        Assert.True(LinearizabilityChecker.Check(model, [add, At("b", 20, 30, ObjectAction.Add, argument: "a"), At("b", 40, 50, ObjectAction.Read, result: "a,x")]).IsClean);
        Assert.False(LinearizabilityChecker.Check(model, [add, At("b", 20, 30, ObjectAction.Read, result: "")]).IsClean);
    }

    [Fact]
    public void An_operation_that_the_object_does_not_have_is_refused() =>
        Assert.Throws<ArgumentException>(() => CheckRegister(At("a", 0, 1, ObjectAction.Contains, argument: "1")));

    [Fact]
    public void A_failure_is_explained_by_the_longest_order_and_what_could_not_follow()
    {
        var report = CheckRegister(
            At("a", 0, 10, ObjectAction.Write, argument: "1"),
            At("a", 20, 30, ObjectAction.Write, argument: "2"),
            At("b", 40, 60, ObjectAction.Read, result: "1"),
            At("c", 50, 70, ObjectAction.Read, result: "1"),
            At("c", 80, 90, ObjectAction.Read, result: "2"));

        Assert.Equal(
            """
            not linearizable: x: an order of 2 operations is the longest that fits; it leaves RegisterState { Value = 2 }. It ends with
                [0.000..0.010 s] a Write(1) = none
                [0.020..0.030 s] a Write(2) = none
              The next would have to be one of these, called before the first of them returned, and none fits
                [0.040..0.060 s] b Read() = 1
                [0.050..0.070 s] c Read() = 1
            """,
            Assert.Single(report.Anomalies).ToString());
    }

    [Theory]
    [InlineData(SimulatedObject.Register)]
    [InlineData(SimulatedObject.CasRegister)]
    [InlineData(SimulatedObject.BoundedCounter)]
    [InlineData(SimulatedObject.Set)]
    internal void Histories_of_correct_objects_are_accepted(SimulatedObject kind)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var operations = SimulatedObjects.Run(kind, seed, operations: 150, clients: 1 + (seed % 8), keys: 1 + (seed % 3));

            var report = Check(kind, operations);

            Assert.True(report.IsClean && report.UndeterminedCount == 0, $"seed {seed}: {report}");
        }
    }

    [Fact]
    public void A_value_read_after_it_was_overwritten_is_rejected()
    {
        var changed = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var operations = SimulatedObjects.Run(SimulatedObject.Register, seed, operations: 100, clients: 4);
            var stale = (from read in operations
                         where read is { Action: ObjectAction.Read, Outcome: TransactionOutcome.Ok }
                         from newer in operations
                         where newer is { Argument: not null, Outcome: TransactionOutcome.Ok } && newer.Return < read.Call
                         from older in operations
                         where older is { Argument: not null, Outcome: TransactionOutcome.Ok } && older.Return < newer.Call
                         select (read, older.Argument)).FirstOrDefault();
            if (stale.read is null)
                continue;
            changed++;
            operations[operations.IndexOf(stale.read)] = stale.read with { Result = stale.Argument };

            Assert.False(Check(SimulatedObject.Register, operations).IsClean, $"seed {seed}");
        }
        Assert.True(changed > Seeds / 2);
    }

    [Theory]
    [InlineData(SimulatedObject.Register)]
    [InlineData(SimulatedObject.CasRegister)]
    [InlineData(SimulatedObject.BoundedCounter)]
    [InlineData(SimulatedObject.Set)]
    internal void Small_histories_are_judged_as_the_definition_says(SimulatedObject kind)
    {
        var histories = SeedCount.Of(3000);
        var accepted = 0;
        for (var seed = 0; seed < histories; seed++)
        {
            var operations = SimulatedObjects.Run(kind, seed, operations: 2 + (seed % 6), clients: 3);
            if (seed % 4 != 0)
                Spoil(operations, new Random(seed));

            var isLinearizable = Check(kind, operations).IsClean;

            Assert.True(isLinearizable == IsLinearizable(kind, operations), $"seed {seed}: the checker says {isLinearizable}\n{string.Join('\n', operations)}");
            accepted += isLinearizable ? 1 : 0;
        }
        output.WriteLine($"{accepted} of {histories} are linearizable");
        Assert.InRange(accepted, histories / 10, histories * 9 / 10);
    }

    [Theory]
    [InlineData(SimulatedObject.Register, 10_000, false)]
    [InlineData(SimulatedObject.CasRegister, 10_000, false)]
    [InlineData(SimulatedObject.BoundedCounter, 10_000, false)]
    [InlineData(SimulatedObject.Set, 5_000, false)]
    [InlineData(SimulatedObject.Register, 10_000, true)]
    [InlineData(SimulatedObject.CasRegister, 3_000, true)]
    [InlineData(SimulatedObject.BoundedCounter, 500, true)]
    [InlineData(SimulatedObject.Set, 1_000, true)]
    internal void Thousands_of_operations_on_one_object_are_judged_in_two_seconds(SimulatedObject kind, int count, bool hasUnknown)
    {
        var operations = SimulatedObjects.Run(kind, 1, count, clients: 10, hasUnknown: hasUnknown);

        var (report, elapsed) = BestTime.Of(() => Check(kind, operations));

        output.WriteLine($"{kind}, {count} operations, {operations.Count(operation => operation.Outcome == TransactionOutcome.Unknown)} unknown, 10 clients: {elapsed.TotalMilliseconds:0} ms");
        Assert.True(report.IsClean && report.UndeterminedCount == 0, report.ToString());
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed.TotalMilliseconds} ms");
    }

    [Fact]
    public void Equal_unknown_increments_are_interchangeable_and_do_not_slow_the_search()
    {
        var operations = Enumerable.Range(0, 40).Select(i => At($"u{i}", i, i + 1, ObjectAction.Add, argument: "1") with { Outcome = TransactionOutcome.Unknown }).ToList();
        operations.Add(At("r", 100, 110, ObjectAction.Read, result: "41"));

        var report = LinearizabilityChecker.Check(new BoundedCounterModel(), operations, statesMax: 10_000);

        Assert.Equal(1, report.Count);
    }

    [Fact]
    public void A_search_that_takes_too_long_is_undetermined()
    {
        var operations = Enumerable.Range(0, 40).Select(i => At($"u{i}", 0, 1, ObjectAction.Add, argument: $"{1L << i}") with { Outcome = TransactionOutcome.Unknown }).ToList();
        operations.Add(At("r", 100, 110, ObjectAction.Read, result: "-1"));

        var report = LinearizabilityChecker.Check(new BoundedCounterModel(), operations, statesMax: 10_000);

        Assert.True(report.IsClean);
        Assert.Equal(1, report.UndeterminedCount);
    }

    [Fact]
    public void Operations_survive_a_file()
    {
        foreach (var operation in SimulatedObjects.Run(SimulatedObject.CasRegister, 1, 50, 3))
        {
            var path = Path.GetTempFileName();
            File.WriteAllText(path, HistoryFile.ToLine(operation) + "\n");

            Assert.Equal(operation, Assert.Single(HistoryFile.ReadLines<ObjectOperation>(path)));
            File.Delete(path);
        }
    }

    private static CheckReport Check(SimulatedObject kind, IEnumerable<ObjectOperation> operations) => kind switch
    {
        SimulatedObject.BoundedCounter => LinearizabilityChecker.Check(new BoundedCounterModel(), operations),
        SimulatedObject.Set => LinearizabilityChecker.Check(new SetModel(), operations),
        _ => LinearizabilityChecker.Check(new RegisterModel(), operations),
    };

    private static CheckReport CheckRegister(params ObjectOperation[] operations) => LinearizabilityChecker.Check(new RegisterModel(), operations);

    /// <summary>Tries every order of every choice of the unknown operations.</summary>
    private static bool IsLinearizable(SimulatedObject kind, List<ObjectOperation> operations) => kind switch
    {
        SimulatedObject.BoundedCounter => HasOrder(new BoundedCounterModel(), 0, [.. operations.Index()]),
        SimulatedObject.Set => HasOrder(new SetModel(), new SetModel().Initial, [.. operations.Index()]),
        _ => HasOrder(new RegisterModel(), default, [.. operations.Index()]),
    };

    private static bool HasOrder<TState, TStep>(ObjectModel<TState, TStep> model, TState state, List<(int Index, ObjectOperation Operation)> left)
        where TState : IEquatable<TState>
        where TStep : notnull =>
        left.All(step => step.Operation.Outcome == TransactionOutcome.Unknown)
        || left.Any(next => left.All(other => !IsBefore(other, next))
            && model.TryApply(state, model.Parse(next.Operation), out var after)
            && HasOrder(model, after, [.. left.Where(other => other.Index != next.Index)]));

    /// <summary>By real time, or by the client's own order of what it has answers of, which the simulation keeps.</summary>
    private static bool IsBefore((int Index, ObjectOperation Operation) first, (int Index, ObjectOperation Operation) second) =>
        first.Operation.Outcome == TransactionOutcome.Ok
        && (first.Operation.Return < second.Operation.Call || (second.Operation.Outcome == TransactionOutcome.Ok && first.Operation.Client == second.Operation.Client && first.Index < second.Index));

    /// <summary>Turns a yes into a no, or swaps the answers of two operations.</summary>
    private static void Spoil(List<ObjectOperation> operations, Random random)
    {
        var answered = operations.Where(operation => operation is { Outcome: TransactionOutcome.Ok, Action: not ObjectAction.Write }).ToArray();
        random.Shuffle(answered);
        if (answered.FirstOrDefault() is not { } first)
            return;
        var other = answered.FirstOrDefault(operation => operation.Action == first.Action && operation.Result != first.Result) ?? first;
        operations[operations.IndexOf(other)] = other with { Result = first.Result };
        operations[operations.IndexOf(first)] = first with { Result = first.Result switch { "true" => "false", "false" => "true", _ => other.Result } };
    }

    private static ObjectOperation At(string client, int call, int returned, ObjectAction action, string? argument = null, string? result = null) => new()
    {
        Client = client,
        Key = "x",
        Action = action,
        Argument = argument,
        Result = result,
        Call = TimeSpan.FromMilliseconds(call),
        Return = TimeSpan.FromMilliseconds(returned),
        Outcome = TransactionOutcome.Ok,
    };
}
