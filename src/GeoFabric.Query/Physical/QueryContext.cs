using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Parallel;

namespace GeoFabric.Query.Physical;

/// <summary>Everything one execution of a plan shares: reader, parameters, limits, warnings, statistics and the operators of its subqueries.</summary>
/// <remarks>Used by one thread; <see cref="Kill"/> and the cancellation token may come from others.</remarks>
public sealed class QueryContext : EvaluationContext, IPlanRunner, IDisposable
{
    private readonly Value[] _parameters;
    private readonly bool _failOnWarning;
    private readonly StopSignal _stop;
    private readonly List<(LogicalPlan Plan, List<PhysicalOperator> Steps)> _profiledSubqueries = [];
    private Dictionary<LogicalPlan, SubqueryRun>? _subqueries;
    private Dictionary<LogicalPlan, Value>? _results;
    private long _memory;
    private long _lastingMemory;
    private long _spilled;
    private Random? _random;
    private bool _isTrying;
    private bool _hasWarnedInTry;
    private volatile bool _isKilled;

    /// <summary>The query that this context does a part of; null for the query itself.</summary>
    private readonly QueryContext? _whole;

    /// <summary>What parts of the query have taken from its memory; changed by several threads.</summary>
    private long _lent;

    /// <summary>What this part may still use of what it has taken.</summary>
    private long _borrowed;

    public QueryContext(QueryEnvironment environment, IFabricReader reader, int rowWidth, Value[] parameters, QueryLimits limits, bool failOnWarning, StopSignal stop)
    {
        Environment = environment;
        Reader = reader;
        RowWidth = rowWidth;
        _parameters = parameters;
        Limits = limits;
        _failOnWarning = failOnWarning;
        _stop = stop;
    }

    /// <summary>
    /// A context for a part of a query that runs on another thread: stopped with the query, within its memory, with statistics and warnings of its own,
    /// which go to the query when its thread takes the part's rows.
    /// </summary>
    internal QueryContext(QueryContext whole, IFabricReader reader)
        : this(whole.Environment, reader, whole.RowWidth, whole._parameters, whole.Limits, failOnWarning: false, whole._stop) => _whole = whole;

    public QueryEnvironment Environment { get; }

    /// <summary>How several threads may read big collections; null for never.</summary>
    public ParallelScanSettings? ParallelScans { get; init; }

    public int RowWidth { get; }

    public bool IsProfiling { get; init; }

    public QueryStatistics Statistics { get; } = new();

    /// <summary>The steps of the subqueries that ran, while profiling.</summary>
    public IReadOnlyList<(LogicalPlan Plan, List<PhysicalOperator> Steps)> ProfiledSubqueries => _profiledSubqueries;

    public List<BindingWarning> Warnings { get; } = [];

    public QueryLimits Limits { get; }

    /// <summary>What is reserved now. The difference of two readings is what the work between them keeps, to be released with it.</summary>
    public long ReservedMemory => _memory;

    /// <summary>Warnings that did not fit into <see cref="Warnings"/>.</summary>
    public long DroppedWarnings { get; private set; }

    public override TimeProvider Clock => Environment.Clock;

    public override Random Random => _random ??= Environment.RandomFactory();

    public override string? UserName => Environment.UserName;

    public override Value UserAttributes => Environment.UserAttributes;

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

    /// <summary>Ends this context's work; the rest of a query that it is a part of goes on.</summary>
    public void Kill() => _isKilled = true;

    /// <summary>Whether it has been killed or its time is up.</summary>
    internal bool IsStopped => _isKilled || _stop.IsStopped;

    /// <summary>Who is waiting now for the rows of a query that is read page by page.</summary>
    internal CancellationToken Cancellation
    {
        set => _stop.Cancellation = value;
    }

    public override void Warn(ErrorCode code, string detail)
    {
        if (IsQuiet)
        {
            QuietWarnings++;
            return;
        }
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
        if (_isKilled || _whole is { _isKilled: true })
            throw ErrorCodes.QueryKilled.Create();
        _stop.ThrowIfStopped();
    }

    public override void ReserveMemory(long bytes)
    {
        _memory += bytes;
        if (_whole is not null)
        {
            if (_memory + _lastingMemory > _borrowed)
                Borrow(_memory + _lastingMemory - _borrowed);
            return;
        }
        var total = _memory + _lastingMemory + Volatile.Read(ref _lent);
        if (total > Statistics.PeakMemoryBytes)
            Statistics.PeakMemoryBytes = total;
        if (total > Limits.MemoryBytes)
            throw MemoryExceeded();
    }

    public override void DemandMemory(long bytes)
    {
        var whole = _whole ?? this;
        if (Volatile.Read(ref whole._memory) + Volatile.Read(ref whole._lastingMemory) + Volatile.Read(ref whole._lent) + bytes > Limits.MemoryBytes)
            throw MemoryExceeded();
    }

    /// <summary>Takes memory for something that other threads hand to the query's own. Thread-safe.</summary>
    /// <exception cref="GeoFabricException">32 beyond the limit.</exception>
    internal void Lend(long bytes)
    {
        if (Interlocked.Add(ref _lent, bytes) + Volatile.Read(ref _memory) + Volatile.Read(ref _lastingMemory) <= Limits.MemoryBytes)
            return;
        Interlocked.Add(ref _lent, -bytes);
        throw MemoryExceeded();
    }

    internal void TakeBack(long bytes) => Interlocked.Add(ref _lent, -bytes);

    /// <summary>A part takes more of the query's memory than it needs now, so that it seldom has to.</summary>
    private void Borrow(long bytes)
    {
        var more = bytes + Math.Min(1 << 20, Limits.MemoryBytes / 64);
        _whole!.Lend(more);
        _borrowed += more;
    }

    private GeoFabricException MemoryExceeded() =>
        ErrorCodes.ResourceLimit.With($"query would use more memory than allowed: limit {Limits.MemoryBytes} bytes (memoryLimit)");

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
            var steps = IsProfiling ? new List<PhysicalOperator>() : null;
            run = new SubqueryRun(plan, PlanBuilder.Build(plan, this, steps), RowWidth);
            _subqueries.Add(plan, run);
            if (steps is not null)
                _profiledSubqueries.Add((plan, steps));
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
        if (!_isTrying && !IsQuiet)
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

    /// <summary>What this part did since the last report.</summary>
    internal PartReport Report()
    {
        var report = new PartReport(Statistics.ScannedFull, Statistics.Filtered, [.. Warnings], DroppedWarnings);
        Statistics.ScannedFull = 0;
        Statistics.Filtered = 0;
        Warnings.Clear();
        DroppedWarnings = 0;
        return report;
    }

    /// <summary>Takes what a part did as done by the query.</summary>
    internal void Absorb(PartReport report)
    {
        Statistics.ScannedFull += report.Scanned;
        Statistics.Filtered += report.Filtered;
        foreach (var warning in report.Warnings)
            Warn(warning.Code, warning.Detail);
        DroppedWarnings += report.DroppedWarnings;
    }

    public void Dispose()
    {
        foreach (var run in _subqueries?.Values ?? Enumerable.Empty<SubqueryRun>())
            run.Dispose();
        ReleaseBuilders();
        _whole?.TakeBack(_borrowed);
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
public sealed record QueryEnvironment(TimeProvider Clock, Func<Random> RandomFactory, string? UserName, string FabricName, string SpillDirectory)
{
    /// <summary>What CURRENT_USER_ATTRIBUTE() finds: an object or null.</summary>
    public Value UserAttributes { get; init; }
}
