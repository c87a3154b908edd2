using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Explain;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;
using GeoFabric.Query.Physical.Parallel;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Execution;

/// <summary>
/// Runs C8QL: text to plan to rows. A reading query runs on a snapshot of the last commit; one that changes documents runs inside the writer's turn
/// of its fabric, as one transaction (docs/adr/0007).
/// </summary>
/// <remarks>Thread-safe; one for the whole server.</remarks>
public sealed class QueryEngine(QueryEngineOptions options, TimeProvider clock, Func<Random> randomFactory)
{
    /// <summary>What messages of errors in a query start with; clients look for it.</summary>
    private const string ErrorPrefix = "AQL: ";

    /// <summary>Longest time nobody asks for a page of a streamed query: its snapshot pins what has been freed since.</summary>
    private static readonly TimeSpan StreamTimeToLiveMax = TimeSpan.FromMinutes(1);

    private readonly string _spillDirectory = options.SpillDirectory ?? Path.GetTempPath();
    private readonly SemaphoreSlim _lanes = new(options.ConcurrentQueriesMax);
    private readonly ParallelScanSettings? _parallelScans = options.ScanHelpersMax == 0
        ? null
        : new(new SpareThreads(options.Processors, options.ScanHelpersMax ?? options.Processors - 1), options.ParallelScanFrom, options.DocumentsPerScanPart);

    public PlanCache Plans { get; } = new(options.Rules, options.CachedPlansMax);

    public CursorStore Cursors { get; } = new(clock, options.CursorBytesMax, options.StreamsMax);

    public IndexUsage IndexUsage { get; } = new(clock);

    public RunningQueries Running { get; } = new(clock, options.Tracking) { SlowQueryEnded = options.SlowQueryEnded };

    /// <summary>Runs a query and returns its first page; further pages wait under the page's cursor id.</summary>
    /// <param name="caller">Whose cursor and whose entry in the list of running queries it is.</param>
    public async Task<QueryPage> ExecuteAsync(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request, CancellationToken cancellationToken)
    {
        await _lanes.WaitAsync(cancellationToken);
        _parallelScans?.Threads.EnterQuery();
        try
        {
            if (request.IsStream && Stream(fabric, scope, caller, request, cancellationToken) is { } streamed)
                return streamed;
            using var handle = Running.Enter(caller, request, cancellationToken);
            var stages = new StageClock(clock, request.Profile > 0);
            stages.Enter(QueryStage.Initializing);
            using (var snapshot = fabric.OpenSnapshot(scope))
            {
                var prepared = Plans.Prepare(caller.FabricId, request, snapshot, stages, handle.Stop);
                if (!prepared.IsModification)
                    return Finish(Run(prepared, snapshot, scope, caller, request, handle, stages), caller, request);
            }
            var written = await fabric.WriteAsync(scope, request.Named, transaction =>
            {
                var prepared = Plans.Prepare(caller.FabricId, request, transaction, stages, handle.Stop);
                return Run(prepared, transaction, scope, caller, request, handle, stages);
            }, cancellationToken);
            return Finish(written, caller, request);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw Describe(error, request.Text);
        }
        finally
        {
            _parallelScans?.Threads.LeaveQuery();
            _lanes.Release();
        }
    }

    /// <summary>The next page of a cursor, or the last one again; see <see cref="CursorStore.Fetch"/>.</summary>
    public QueryPage Fetch(string cursor, QueryCaller caller, string? batch, CancellationToken cancellationToken)
    {
        try
        {
            return Cursors.Fetch(cursor, caller.CursorOwner, batch, cancellationToken);
        }
        catch (GeoFabricException error) when (TakesPrefix(error) && error.Code != ErrorCodes.CursorNotFound && error.Code != ErrorCodes.CursorBusy && error.Code != ErrorCodes.BadRequest)
        {
            throw error.After(ErrorPrefix);
        }
    }

    /// <summary>The plan of a query, without running it.</summary>
    public ExplainedPlan Explain(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            var stop = new StopSignal(clock, request.Limits.Runtime, cancellationToken);
            using var snapshot = fabric.OpenSnapshot(scope);
            var prepared = Plans.Prepare(caller.FabricId, request, snapshot, new StageClock(clock), stop);
            Demand(prepared, snapshot, scope);
            prepared.CheckParameters(request.BindVars);
            return PlanExplainer.Explain(prepared, snapshot) with { Advice = Advise(prepared, snapshot, request, stop) };
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw Describe(error, request.Text);
        }
    }

    /// <summary>
    /// What a query asks of whoever runs it, from its plan: collections it reads and writes, and the strictest level of consistency in its options, null
    /// when there is none. Documents that functions fetch by their id are not known before it runs.
    /// </summary>
    public (IReadOnlyList<(string Name, bool IsWrite)> Collections, ConsistencyLevel? Consistency) FindNeeds(
        FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var prepared = Plans.Find(caller.FabricId, request, (fabric.Catalog.Version, fabric.StatisticsVersion)) ?? Prepare();
            return ([.. prepared.Bound.Collections.Select(access => (access.Name, access.IsWrite))], prepared.Bound.Consistency);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw Describe(error, request.Text);
        }

        PreparedQuery Prepare()
        {
            using var handle = Running.Enter(caller, request, cancellationToken);
            using var snapshot = fabric.OpenSnapshot(scope);
            return Plans.Prepare(caller.FabricId, request, snapshot, new StageClock(clock), handle.Stop);
        }
    }

    /// <summary>Parses only: the syntax is right, or a 1501 says where it is not.</summary>
    public static ParsedQuery Parse(string text) => Read(text, static text => ParsedQuery.Of(QueryParser.Parse(text)));

    /// <summary>The query laid out over lines; a 1501 when the syntax is not right.</summary>
    public static string Format(string text) => Read(text, QueryFormatter.Format);

    private static T Read<T>(string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw Describe(error, text);
        }
    }

    /// <summary>The text of an ASSERT() is the user's own; an empty query is reported as clients know it.</summary>
    private static bool TakesPrefix(GeoFabricException error) => error.Code != ErrorCodes.QueryEmpty && error.ErrorNumber != ErrorCodes.UserAssert.Number;

    private static GeoFabricException Describe(GeoFabricException error, string text) => error.After(ErrorPrefix).At(QueryErrorPlace.Find(error.Message, text));

    private static void Demand(PreparedQuery prepared, IFabricReader reader, AccessScope scope)
    {
        foreach (var access in prepared.Bound.Collections)
        {
            var collection = reader.Catalog.GetCollection(access.Name);
            if (access.IsWrite)
                scope.DemandWrite(collection);
            else
                scope.DemandRead(collection);
        }
    }

    private QueryRun Run(
        PreparedQuery prepared,
        IFabricReader reader,
        AccessScope scope,
        QueryCaller caller,
        QueryRequest request,
        RunningQueries.Handle handle,
        StageClock stages)
    {
        stages.Enter(QueryStage.LoadingCollections);
        Demand(prepared, reader, scope);
        using var context = Begin(prepared, reader, caller, request, handle, stages);
        using var watch = WatchedWork.Begin(context);
        var profiled = request.Profile > 1 ? new List<PhysicalOperator>() : null;
        using var pages = new ResultPages(request.BatchSize, context, prepared.PageBytes);
        stages.Enter(QueryStage.InstantiatingExecutors);
        using (var rows = new ResultReader(PlanBuilder.BuildQuery(prepared.Plan, context, profiled), prepared.Plan.Return, context, pages))
        {
            stages.Enter(QueryStage.Executing);
            while (rows.Read())
            {
                // Until its end.
            }
        }
        stages.Enter(QueryStage.Finalizing);
        var finished = pages.Finish(out var buffer);
        prepared.PageBytes = finished[0].Length;
        stages.Enter(null);
        context.Statistics.ExecutionSeconds = stages.TotalSeconds;
        var profile = request.Profile == 0 ? null
            : profiled is null ? new QueryProfile(stages.Stages, [], null)
            : Describe(prepared, reader, request, context, profiled, stages, handle.Stop);
        return new QueryRun(finished, buffer, pages.Rows, context.Statistics, context.Warnings, profile);
    }

    /// <summary>The plan as it ran, with the figures of its steps and what would make it quicker.</summary>
    private QueryProfile Describe(
        PreparedQuery prepared, IFabricReader reader, QueryRequest request, QueryContext context, List<PhysicalOperator> profiled, StageClock stages, StopSignal stop)
    {
        var plan = PlanExplainer.Explain(prepared, reader);
        // A modification runs inside the writer, where others wait for it.
        if (!prepared.IsModification)
            plan = plan with { Advice = Advise(prepared, reader, request, stop) };
        List<NodeProfile> nodes = [.. Profiles(profiled, 0), .. context.ProfiledSubqueries.SelectMany(subquery =>
            plan.IdsBefore.TryGetValue(subquery.Plan, out var idsBefore) ? Profiles(subquery.Steps, idsBefore) : [])];
        return new QueryProfile(stages.Stages, nodes, plan);
    }

    private ImmutableArray<IndexAdvice> Advise(PreparedQuery prepared, IFabricReader reader, QueryRequest request, StopSignal stop) =>
        IndexAdvisor.Find(prepared.Plan, reader, other => Plans.Plan(request, other, new StageClock(clock), stop).Plan);

    /// <summary>Everything one execution needs, with the warnings that the text gave.</summary>
    private QueryContext Begin(
        PreparedQuery prepared, IFabricReader reader, QueryCaller caller, QueryRequest request, RunningQueries.Handle handle, StageClock stages)
    {
        stages.Enter(QueryStage.InstantiatingPlan);
        var environment = new QueryEnvironment(clock, randomFactory, caller.UserName, caller.FabricName, _spillDirectory) { UserAttributes = caller.UserAttributes };
        var context = new QueryContext(
            environment, reader, prepared.SlotCount, prepared.ReadParameters(request.BindVars), request.Limits, request.FailOnWarning, handle.Stop)
        {
            IsProfiling = request.Profile > 1,
            ParallelScans = _parallelScans,
        };
        handle.Attach(context);
        Plans.CountRun(prepared);
        IndexUsage.Count(caller.FabricId, prepared, reader.Catalog);
        foreach (var warning in prepared.Bound.Warnings)
        {
            if (warning.Code != ErrorCodes.ReadModifyWrite || !options.IsOnlyRegion())
                context.Warn(warning.Code, warning.Detail);
        }
        return context;
    }

    /// <summary>Begins a query whose pages are made when they are fetched.</summary>
    /// <returns>Null when it changes documents: that is done at once, in one transaction.</returns>
    private QueryPage? Stream(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request, CancellationToken cancellationToken)
    {
        request = request with { Profile = 0, FullCount = false };
        Cursors.EnterStream();
        var handle = Running.Enter(caller, request, cancellationToken);
        FabricSnapshot? snapshot = null;
        QueryContext? context = null;
        StreamedQuery? stream = null;
        var isKept = false;
        try
        {
            var stages = new StageClock(clock);
            stages.Enter(QueryStage.Initializing);
            snapshot = fabric.OpenSnapshot(scope);
            var prepared = Plans.Prepare(caller.FabricId, request, snapshot, stages, handle.Stop);
            if (prepared.IsModification)
                return null;
            Demand(prepared, snapshot, scope);
            context = Begin(prepared, snapshot, caller, request, handle, stages);
            stages.Enter(QueryStage.Executing);
            stream = new StreamedQuery(snapshot, context, prepared, request.BatchSize, handle, stages, () => fabric.IsClosing);
            var (page, hasMore) = stream.Next(cancellationToken);
            if (!hasMore)
                return page;
            var timeToLive = request.TimeToLive < StreamTimeToLiveMax ? request.TimeToLive : StreamTimeToLiveMax;
            page = page with { CursorId = Cursors.Add(caller.CursorOwner, stream, timeToLive, request.AllowRetry), NextBatchId = request.AllowRetry ? CursorStore.BatchId(1) : null };
            isKept = true;
            return page;
        }
        finally
        {
            if (!isKept)
            {
                stream?.Dispose();
                if (stream is null)
                {
                    context?.Dispose();
                    handle.Dispose();
                    snapshot?.Dispose();
                }
                Cursors.LeaveStream();
            }
        }
    }

    /// <param name="idsBefore">Ids of the steps count on from there.</param>
    private List<NodeProfile> Profiles(List<PhysicalOperator> operators, int idsBefore)
    {
        var profiles = new List<NodeProfile>();
        long below = 0;
        foreach (var step in operators)
        {
            var own = Math.Max(0, step.Metrics.Ticks - below);
            below = step.Metrics.Ticks;
            profiles.Add(new NodeProfile(idsBefore + step.NodeIndex + 1, step.Metrics.Calls, step.Metrics.Rows, step.Metrics.Filtered, (double)own / clock.TimestampFrequency));
        }
        return profiles;
    }

    private QueryPage Finish(QueryRun run, QueryCaller caller, QueryRequest request)
    {
        var page = new QueryPage(run.Pages[0], null, request.Count ? run.Rows : null, run.Statistics, run.Warnings, run.Profile) { Buffer = run.Buffer };
        return run.Pages.Count == 1 ? page : page with
        {
            CursorId = Cursors.Add(caller.CursorOwner, page, run.Pages, request.TimeToLive, request.AllowRetry),
            NextBatchId = request.AllowRetry ? CursorStore.BatchId(1) : null,
        };
    }

    private sealed record QueryRun(
        IReadOnlyList<ReadOnlyMemory<byte>> Pages, PooledBuffer? Buffer, long Rows, QueryStatistics Statistics, IReadOnlyList<BindingWarning> Warnings, QueryProfile? Profile);
}

/// <summary>Who runs a query, and where.</summary>
/// <param name="FabricId">Tenant and fabric, unique on the server.</param>
/// <param name="FabricName">The fabric as the query sees it.</param>
public sealed record QueryCaller(string FabricId, string FabricName, string UserName)
{
    /// <summary>What the administrator has noted down about the user: an object or null.</summary>
    public Value UserAttributes { get; init; }

    /// <summary>Cursors are visible to the same user in the same fabric only.</summary>
    public string CursorOwner => FabricId + "/" + UserName;
}
