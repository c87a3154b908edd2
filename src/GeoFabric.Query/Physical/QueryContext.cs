using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical;

/// <summary>Everything one execution of a plan shares: reader, parameters, limits, warnings, statistics and the operators of its subqueries.</summary>
/// <remarks>Used by one thread; <see cref="Kill"/> and the cancellation token may come from others.</remarks>
public sealed class QueryContext : EvaluationContext, IPlanRunner, IDisposable
{
    private readonly Value[] _parameters;
    private readonly bool _failOnWarning;
    private readonly long _deadline;
    private readonly CancellationToken _cancellation;
    private Dictionary<LogicalPlan, SubqueryRun>? _subqueries;
    private Dictionary<LogicalPlan, Value>? _results;
    private long _memory;
    private long _lastingMemory;
    private long _spilled;
    private Random? _random;
    private bool _isTrying;
    private bool _hasWarnedInTry;
    private volatile bool _isKilled;

    public QueryContext(QueryEnvironment environment, IFabricReader reader, int rowWidth, Value[] parameters, QueryLimits limits, bool failOnWarning, CancellationToken cancellation)
    {
        Environment = environment;
        Reader = reader;
        RowWidth = rowWidth;
        _parameters = parameters;
        Limits = limits;
        _failOnWarning = failOnWarning;
        _cancellation = cancellation;
        _deadline = environment.Clock.GetTimestamp() + (long)(Math.Min(limits.Runtime.TotalSeconds, 1e9) * environment.Clock.TimestampFrequency);
    }

    public QueryEnvironment Environment { get; }

    public int RowWidth { get; }

    public bool IsProfiling { get; init; }

    public QueryStatistics Statistics { get; } = new();

    public List<BindingWarning> Warnings { get; } = [];

    public QueryLimits Limits { get; }

    /// <summary>What is reserved now. The difference of two readings is what the work between them keeps, to be released with it.</summary>
    public long ReservedMemory => _memory;

    /// <summary>Warnings that did not fit into <see cref="Warnings"/>.</summary>
    public long DroppedWarnings { get; private set; }

    public override TimeProvider Clock => Environment.Clock;

    public override Random Random => _random ??= Environment.RandomFactory();

    public override string? UserName => Environment.UserName;

    public override string FabricName => Environment.FabricName;

    public override IFabricReader Reader { get; }

    /// <summary>The transaction of a modifying query.</summary>
    public FabricTransaction Transaction => (FabricTransaction)Reader;

    /// <summary>Where modifications go: <see cref="Transaction"/>, unless something is put before it.</summary>
    public IDocumentWriter Writer
    {
        get => field ??= new TransactionWriter(Transaction);
        init;
    }

    public override Value GetParameter(int index) => _parameters[index];

    /// <summary>The collection a modification writes to, as the catalog knows it now.</summary>
    public CollectionDefinition Target(CollectionDefinition planned) => Reader.Catalog.GetCollection(planned.Name);

    public void Kill() => _isKilled = true;

    public override void Warn(ErrorCode code, string detail)
    {
        if (_isTrying)
        {
            _hasWarnedInTry = true;
            return;
        }
        if (_failOnWarning)
            throw code.With(detail);
        if (Warnings.Count < Limits.Warnings)
            Warnings.Add(new BindingWarning(code, detail));
        else
            DroppedWarnings++;
    }

    public override void ThrowIfStopped()
    {
        if (_isKilled)
            throw ErrorCodes.QueryKilled.Create();
        if (_cancellation.IsCancellationRequested)
            throw ErrorCodes.QueryKilled.With("the client went away");
        if (Clock.GetTimestamp() > _deadline)
            throw ErrorCodes.QueryKilled.With($"the query ran longer than {Limits.Runtime.TotalSeconds} s (maxRuntime)");
    }

    public override void ReserveMemory(long bytes)
    {
        _memory += bytes;
        var total = _memory + _lastingMemory;
        if (total > Statistics.PeakMemoryBytes)
            Statistics.PeakMemoryBytes = total;
        if (total > Limits.MemoryBytes)
            throw ErrorCodes.ResourceLimit.With($"query would use more memory than allowed: limit {Limits.MemoryBytes} bytes (memoryLimit)");
    }

    public void ReleaseMemory(long bytes) => _memory -= bytes;

    /// <summary>Counts bytes of temporary files.</summary>
    /// <exception cref="GeoFabricException">32 beyond the limit.</exception>
    public void ReserveSpill(long bytes)
    {
        _spilled += bytes;
        if (_spilled > Limits.SpillBytesMax)
            throw ErrorCodes.ResourceLimit.With($"query would use more room for temporary files than allowed: limit {Limits.SpillBytesMax} bytes");
    }

    public void ReleaseSpill(long bytes) => _spilled -= bytes;

    /// <summary>Takes memory that stays taken when a subquery starts over. An operator that can do without gets no more than half of what the query may use.</summary>
    /// <returns>False when that is used up.</returns>
    public bool TryReserveLasting(long bytes)
    {
        if (_memory + _lastingMemory + bytes > Limits.MemoryBytes / 2)
            return false;
        _lastingMemory += bytes;
        Statistics.PeakMemoryBytes = Math.Max(Statistics.PeakMemoryBytes, _memory + _lastingMemory);
        return true;
    }

    public void ReleaseLasting(long bytes) => _lastingMemory -= bytes;

    public Value Run(LogicalPlan plan, ReadOnlySpan<Value> row)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        _subqueries ??= new(ReferenceEqualityComparer.Instance);
        if (!_subqueries.TryGetValue(plan, out var run))
        {
            run = new SubqueryRun(plan, PlanBuilder.Build(plan, this, null), RowWidth);
            _subqueries.Add(plan, run);
        }
        return run.Execute(this, row);
    }

    public Value RunOnce(LogicalPlan plan, ReadOnlySpan<Value> row)
    {
        _results ??= new(ReferenceEqualityComparer.Instance);
        if (_results.TryGetValue(plan, out var result))
            return result;
        result = Run(plan, row);
        // What failed while nobody was told must fail again where somebody is.
        if (!_isTrying)
            _results.Add(plan, result);
        return result;
    }

    /// <summary>
    /// From here to <see cref="EndTry"/> warnings are not reported but remembered: the caller works ahead of the place where they belong, and
    /// falls back to a way that comes by that place.
    /// </summary>
    public void BeginTry()
    {
        _isTrying = true;
        _hasWarnedInTry = false;
    }

    /// <returns>Whether there was no warning.</returns>
    public bool EndTry()
    {
        _isTrying = false;
        return !_hasWarnedInTry;
    }

    public void Dispose()
    {
        foreach (var run in _subqueries?.Values ?? Enumerable.Empty<SubqueryRun>())
            run.Dispose();
        ReleaseBuilders();
    }

    /// <summary>The operators of one subquery, started again for each row of the query around it.</summary>
    private sealed class SubqueryRun(LogicalPlan plan, PhysicalOperator root, int rowWidth) : IDisposable
    {
        private readonly RowBatch _batch = new(rowWidth);
        private long _resultBytes;

        public Value Execute(QueryContext context, ReadOnlySpan<Value> outer)
        {
            // What the last run kept is garbage once it starts over. Its result counts where a row holding it is kept.
            context.ReleaseMemory(_resultBytes);
            var memoryBefore = context._memory;
            root.Restart(outer);
            var results = new List<Value>();
            var distinct = plan.Return is { IsDistinct: true } ? new HashSet<Value>() : null;
            _batch.Clear();
            for (; root.Next(_batch); _batch.Clear())
            {
                for (var i = 0; i < _batch.Count && plan.Return is not null; i++)
                {
                    var value = plan.Return.Expression.Evaluate(context, _batch[i]);
                    if (distinct?.Add(value) == false)
                        continue;
                    context.ReserveMemory(24 + value.OwnedBytes);
                    results.Add(value);
                }
            }
            var result = Value.FromList(results);
            _resultBytes = result.OwnedBytes;
            context._memory = memoryBefore + _resultBytes;
            return result;
        }

        public void Dispose()
        {
            root.Dispose();
            _batch.Dispose();
        }
    }
}

/// <summary>What surrounds an execution.</summary>
/// <param name="RandomFactory">Makes the execution's source of random numbers when it first asks for one.</param>
/// <param name="UserName">Calling user, or null.</param>
/// <param name="SpillDirectory">Where operators put rows that do not fit into their memory.</param>
public sealed record QueryEnvironment(TimeProvider Clock, Func<Random> RandomFactory, string? UserName, string FabricName, string SpillDirectory);
