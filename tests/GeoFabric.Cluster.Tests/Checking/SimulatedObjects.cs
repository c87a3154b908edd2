using System.Collections.Immutable;
using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The kinds of objects whose histories are simulated.</summary>
internal enum SimulatedObject
{
    Register,
    CasRegister,
    BoundedCounter,
    Set,
}

/// <summary>Histories of correct objects under random schedules: each operation takes effect at an instant between its call and its return, or, unknown, later or never.</summary>
internal sealed class SimulatedObjects
{
    private readonly SimulatedObject _kind;
    private readonly Random _random;
    private readonly int _keys;
    private readonly bool _hasUnknown;
    private readonly Dictionary<string, ImmutableSortedSet<string>> _states = [];
    private readonly List<Pending> _late = [];
    private readonly List<ObjectOperation> _done = [];
    private TimeSpan _now;
    private int _lastValue;

    private SimulatedObjects(SimulatedObject kind, int seed, int keys, bool hasUnknown)
    {
        _kind = kind;
        _random = new Random(seed);
        _keys = keys;
        _hasUnknown = hasUnknown;
    }

    public static List<ObjectOperation> Run(SimulatedObject kind, int seed, int operations, int clients, int keys = 1, bool hasUnknown = true) =>
        new SimulatedObjects(kind, seed, keys, hasUnknown).Run(operations, clients);

    private List<ObjectOperation> Run(int operations, int clients)
    {
        var pending = new Pending?[clients];
        for (var called = 0; called < operations || pending.Any(call => call is not null);)
        {
            // Several things may happen at one instant.
            _now += TimeSpan.FromMilliseconds(_random.Next(2));
            var client = _random.Next(clients);
            if (pending[client] is not { } call)
            {
                if (called < operations)
                {
                    pending[client] = new Pending(Draw(client));
                    called++;
                }
            }
            else if (_hasUnknown && _random.Next(30) == 0)
                pending[client] = GiveUp(call);
            else if (!call.IsApplied)
                Apply(call);
            else
                pending[client] = End(call, TransactionOutcome.Ok);
            if (_late.Count > 0 && _random.Next(20) == 0)
            {
                var late = _random.Next(_late.Count);
                Apply(_late[late]);
                _late.RemoveAt(late);
            }
        }
        return _done;
    }

    private Pending? GiveUp(Pending call)
    {
        if (!call.IsApplied && _random.Next(2) == 0)
            _late.Add(call);
        return End(call, TransactionOutcome.Unknown);
    }

    private Pending? End(Pending call, TransactionOutcome outcome)
    {
        _done.Add(call.Operation with { Return = _now, Outcome = outcome, Result = outcome == TransactionOutcome.Ok ? call.Result : null });
        return null;
    }

    private ObjectOperation Draw(int client)
    {
        var operation = new ObjectOperation
        {
            Client = $"c{client}",
            Key = $"k{_random.Next(_keys)}",
            Action = ObjectAction.Read,
            Call = _now,
            Return = _now,
            Outcome = TransactionOutcome.Ok,
        };
        return (_kind, _random.Next(4)) switch
        {
            (SimulatedObject.Register, 0) => operation with { Action = ObjectAction.Exchange, Argument = $"{++_lastValue}" },
            (SimulatedObject.Register, 1) => operation with { Action = ObjectAction.Write, Argument = $"{++_lastValue}" },
            (SimulatedObject.CasRegister, 0 or 1) => operation with { Action = ObjectAction.CompareAndSet, Expected = DrawSmall(), Argument = DrawSmall() },
            (SimulatedObject.CasRegister, 2) => operation with { Action = ObjectAction.Write, Argument = DrawSmall() },
            (SimulatedObject.BoundedCounter, < 3) => operation with { Action = ObjectAction.Add, Argument = $"{_random.Next(-4, 5)}" },
            (SimulatedObject.Set, 0) => operation with { Action = ObjectAction.Add, Argument = DrawSmall() },
            (SimulatedObject.Set, 1) => operation with { Action = ObjectAction.Remove, Argument = DrawSmall() },
            (SimulatedObject.Set, 2) => operation with { Action = ObjectAction.Contains, Argument = DrawSmall() },
            _ => operation,
        };
    }

    private string DrawSmall() => $"v{_random.Next(4)}";

    /// <summary>Changes the object and notes the answer. A register or counter is a set of one element here.</summary>
    private void Apply(Pending call)
    {
        var operation = call.Operation;
        var state = _states.GetValueOrDefault(operation.Key, []);
        var value = state.FirstOrDefault();
        call.IsApplied = true;
        switch (operation.Action)
        {
            case ObjectAction.Read:
                call.Result = _kind switch
                {
                    SimulatedObject.Set => string.Join(',', state.Order(StringComparer.Ordinal)),
                    SimulatedObject.BoundedCounter => value ?? "0",
                    _ => value,
                };
                break;
            case ObjectAction.Contains:
                call.Result = state.Contains(operation.Argument!) ? "true" : "false";
                break;
            case ObjectAction.CompareAndSet:
                call.Result = value == operation.Expected ? "true" : "false";
                if (value == operation.Expected)
                    _states[operation.Key] = [operation.Argument!];
                break;
            case ObjectAction.Write or ObjectAction.Exchange:
                call.Result = operation.Action == ObjectAction.Exchange ? value : null;
                _states[operation.Key] = [operation.Argument!];
                break;
            case ObjectAction.Add when _kind == SimulatedObject.BoundedCounter:
                var sum = long.Parse(value ?? "0", CultureInfo.InvariantCulture) + long.Parse(operation.Argument!, CultureInfo.InvariantCulture);
                call.Result = sum < 0 ? BoundedCounterModel.Refused : _random.Next(2) == 0 ? null : $"{sum}";
                if (sum >= 0)
                    _states[operation.Key] = [$"{sum}"];
                break;
            default:
                var isAddition = operation.Action == ObjectAction.Add;
                call.Result = state.Contains(operation.Argument!) != isAddition ? "true" : "false";
                _states[operation.Key] = isAddition ? state.Add(operation.Argument!) : state.Remove(operation.Argument!);
                break;
        }
    }

    private sealed class Pending(ObjectOperation operation)
    {
        public ObjectOperation Operation { get; } = operation;

        public bool IsApplied { get; set; }

        public string? Result { get; set; }
    }
}
