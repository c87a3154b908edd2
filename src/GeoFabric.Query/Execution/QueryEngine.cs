using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Explain;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;
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

    private readonly string _spillDirectory = options.SpillDirectory ?? Path.GetTempPath();
    private readonly SemaphoreSlim _lanes = new(options.ConcurrentQueriesMax);

    public PlanCache Plans { get; } = new(options.Rules, options.CachedPlansMax);

    public CursorStore Cursors { get; } = new(clock, options.CursorBytesMax);

    public RunningQueries Running { get; } = new(clock, options.SlowQueryThreshold);

    /// <summary>Runs a query and returns its first page; further pages wait under the page's cursor id.</summary>
    /// <param name="caller">Whose cursor and whose entry in the list of running queries it is.</param>
    public async Task<QueryPage> ExecuteAsync(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request, CancellationToken cancellationToken)
    {
        await _lanes.WaitAsync(cancellationToken);
        try
        {
            using var handle = Running.Enter(caller.FabricId, caller.UserName, request);
            var stages = new StageClock(clock);
            stages.Enter("initializing");
            using (var snapshot = fabric.OpenSnapshot(scope))
            {
                var prepared = Plans.Prepare(caller.FabricId, request, snapshot, stages);
                if (!prepared.IsModification)
                    return Finish(Run(prepared, snapshot, scope, caller, request, handle, stages, cancellationToken), caller, request);
            }
            var written = await fabric.WriteAsync(scope, request.Named, transaction =>
            {
                var prepared = Plans.Prepare(caller.FabricId, request, transaction, stages);
                return Run(prepared, transaction, scope, caller, request, handle, stages, cancellationToken);
            }, cancellationToken);
            return Finish(written, caller, request);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw error.After(ErrorPrefix);
        }
        finally
        {
            _lanes.Release();
        }
    }

    /// <summary>The plan of a query, without running it.</summary>
    public ExplainedPlan Explain(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request)
    {
        try
        {
            using var snapshot = fabric.OpenSnapshot(scope);
            var prepared = Plans.Prepare(caller.FabricId, request, snapshot, new StageClock(clock));
            Demand(prepared, snapshot, scope);
            return PlanExplainer.Explain(prepared, snapshot);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw error.After(ErrorPrefix);
        }
    }

    /// <summary>
    /// What a query asks of whoever runs it, from its plan: collections it reads and writes, and the strictest level of consistency in its options, null
    /// when there is none. Documents that functions fetch by their id are not known before it runs.
    /// </summary>
    public (IReadOnlyList<(string Name, bool IsWrite)> Collections, ConsistencyLevel? Consistency) FindNeeds(FabricDatabase fabric, AccessScope scope, QueryCaller caller, QueryRequest request)
    {
        try
        {
            var prepared = Plans.Find(caller.FabricId, request, fabric.Catalog.Version) ?? Prepare();
            return ([.. prepared.Bound.Collections.Select(access => (access.Name, access.IsWrite))], prepared.Bound.Consistency);
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw error.After(ErrorPrefix);
        }

        PreparedQuery Prepare()
        {
            using var snapshot = fabric.OpenSnapshot(scope);
            return Plans.Prepare(caller.FabricId, request, snapshot, new StageClock(clock));
        }
    }

    /// <summary>Parses only: the syntax is right, or a 1501 says where it is not.</summary>
    public static ParsedQuery Parse(string text)
    {
        try
        {
            return ParsedQuery.Of(QueryParser.Parse(text));
        }
        catch (GeoFabricException error) when (TakesPrefix(error))
        {
            throw error.After(ErrorPrefix);
        }
    }

    /// <summary>The text of an ASSERT() is the user's own; an empty query is reported as clients know it.</summary>
    private static bool TakesPrefix(GeoFabricException error) => error.Code != ErrorCodes.QueryEmpty && error.ErrorNumber != ErrorCodes.UserAssert.Number;

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
        StageClock stages,
        CancellationToken cancellationToken)
    {
        Demand(prepared, reader, scope);
        stages.Enter("instantiating plan");
        var environment = new QueryEnvironment(clock, randomFactory, caller.UserName, caller.FabricName, _spillDirectory);
        using var context = new QueryContext(
            environment, reader, prepared.SlotCount, prepared.ReadParameters(request.BindVars), request.Limits, request.FailOnWarning, cancellationToken)
        {
            IsProfiling = request.Profile > 1,
        };
        handle.Attach(context);
        foreach (var warning in prepared.Bound.Warnings)
            context.Warn(warning.Code, warning.Detail);
        var profiled = request.Profile > 1 ? new List<PhysicalOperator>() : null;
        using var pages = new ResultPages(request.BatchSize, context);
        stages.Enter("executing");
        using (var root = PlanBuilder.Build(prepared.Plan, context, profiled))
            Pull(root, prepared.Plan, context, pages);
        stages.Enter("finalizing");
        var finished = pages.Finish(out var buffer);
        stages.Enter(null);
        context.Statistics.ExecutionSeconds = stages.TotalSeconds;
        var profile = request.Profile == 0
            ? null
            : new QueryProfile(stages.Stages, Profiles(profiled), request.Profile > 1 ? PlanExplainer.Explain(prepared, reader) : null);
        return new QueryRun(finished, buffer, pages.Rows, context.Statistics, context.Warnings, profile);
    }

    private static void Pull(PhysicalOperator root, LogicalPlan plan, QueryContext context, ResultPages pages)
    {
        var distinct = plan.Return is { IsDistinct: true } ? new HashSet<Value>() : null;
        using var batch = new RowBatch(context.RowWidth);
        for (; root.Next(batch); batch.Clear())
        {
            for (var i = 0; i < batch.Count && plan.Return is not null; i++)
            {
                var value = plan.Return.Expression.Evaluate(context, batch[i]);
                if (distinct is not null)
                {
                    if (!distinct.Add(value))
                        continue;
                    context.ReserveMemory(48 + value.OwnedBytes);
                }
                pages.Add(value);
            }
        }
    }

    private List<NodeProfile> Profiles(List<PhysicalOperator>? operators)
    {
        var profiles = new List<NodeProfile>();
        long below = 0;
        foreach (var step in operators ?? [])
        {
            var own = Math.Max(0, step.Metrics.Ticks - below);
            below = step.Metrics.Ticks;
            profiles.Add(new NodeProfile(step.NodeIndex + 1, step.Metrics.Calls, step.Metrics.Rows, step.Metrics.Filtered, (double)own / clock.TimestampFrequency));
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
    /// <summary>Cursors are visible to the same user in the same fabric only.</summary>
    public string CursorOwner => FabricId + "/" + UserName;
}
