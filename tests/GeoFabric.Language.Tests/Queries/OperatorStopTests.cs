using System.Collections;
using System.Globalization;
using System.Reflection;
using GeoFabric.Database;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;
using GeoFabric.Query.Physical.Parallel;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>Whatever a query is at, it soon asks whether it has to stop, and does: counted are the times it asks, not seconds.</summary>
public sealed class OperatorStopTests(OperatorStopTests.Documents documents) : IClassFixture<OperatorStopTests.Documents>
{
    private const int Count = 9000;

    /// <summary>Of so many rows or index entries, one is a chance to stop.</summary>
    private const int RowsPerLookMax = 4096;

    /// <summary>A query that gives each operator as much to do as there are documents.</summary>
    private static readonly SortedDictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["BoxScanOperator"] = "FOR d IN many OPTIONS {indexHint: 'box', forceIndexHint: true} FILTER d.x >= 0 && d.x < 90000 && d.y >= 0 && d.y < 90000 RETURN d",
        ["CalculationOperator"] = "FOR d IN many LET h = d.h + 1 RETURN h",
        ["CollectOperator"] = "FOR d IN many COLLECT g = d.n INTO members RETURN [g, members]",
        ["CollectionScanOperator"] = "FOR d IN many RETURN d",
        ["FilterOperator"] = "FOR d IN many FILTER d.h == -1 RETURN d",
        ["GeoScanOperator"] = "FOR d IN many FILTER GEO_DISTANCE(d.loc, [0, 0]) < 1000000 RETURN d",
        ["HashJoinOperator"] = "FOR c IN many FILTER c.h < 40 FOR d IN many FILTER d.h == c.h RETURN 1",
        ["IndexScanOperator"] = "FOR d IN many FILTER d.n > 3500 && d.n < 6000 RETURN d.h",
        ["IndexUnionOperator"] = "FOR d IN many FILTER (d.n > 10 && d.n < 4000) || d.k == 'k7' RETURN d.h",
        ["InsertOperator"] = "FOR d IN many INSERT {n: d.n} INTO sink",
        ["LimitOperator"] = "FOR d IN many LIMIT 100, 100000 RETURN d",
        ["ListScanOperator"] = "FOR i IN 1..20000 RETURN i",
        ["ModifyingCalculationOperator"] = "FOR d IN many LET w = (INSERT {n: d.n} INTO sink) RETURN w",
        ["NoResultsOperator"] = "FOR d IN many FILTER false RETURN d",
        ["ParallelScanOperator"] = "FOR d IN many FILTER d.h >= 0 RETURN d.h",
        ["PathSearchOperator"] = "FOR p IN 1..3 ANY K_PATHS 'many/k2' TO 'many/k3' links RETURN p",
        ["RemoveOperator"] = "FOR d IN plain REMOVE d IN plain",
        ["SingleGroupsOperator"] = "FOR d IN many COLLECT k = d.x + d.h WITH COUNT INTO c RETURN [k, c]",
        ["SingletonOperator"] = "RETURN 1",
        ["SortOperator"] = "FOR d IN many SORT d.h, d._key RETURN d.h",
        ["TopRowsOperator"] = "FOR d IN many SORT d.h, d._key LIMIT 900 RETURN d.h",
        ["TraversalOperator"] = "FOR v IN 1..2 ANY 'many/k1' links RETURN v",
        ["UpdateOperator"] = "FOR d IN plain UPDATE d WITH {z: 1} IN plain",
        ["UpsertOperator"] = "FOR d IN many UPSERT {_key: d._key} INSERT {_key: d._key} UPDATE {z: 1} IN sink",
        ["VectorScanOperator"] = "FOR d IN many SORT APPROX_NEAR_L2(d.vec, [1, 2], {nProbe: 9}) LIMIT 5000 RETURN d.h",
        ["ViewSearchOperator"] = "FOR d IN view SEARCH d.t == 'a' RETURN d",
        ["WindowOperator"] = "FOR d IN many SORT d.h WINDOW {preceding: 5} AGGREGATE s = SUM(d.h) RETURN s",
    };

    /// <summary>Those that have one row or none.</summary>
    private static readonly string[] Idle = ["SingletonOperator", "NoResultsOperator"];

    /// <summary>Those that several threads may run; here there is one, so that each look is counted at its place.</summary>
    private static readonly string[] Parallel = ["ParallelScanOperator", "TopRowsOperator", "SingleGroupsOperator"];

    public static TheoryData<string> Names => [.. Queries.Keys];

    [Fact]
    public void Every_operator_has_a_query_here()
    {
        var operators = typeof(PhysicalOperator).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(PhysicalOperator))).Select(type => type.Name);

        Assert.Equal(operators.Order(StringComparer.Ordinal), Queries.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_operator_asks_often_and_stops_at_once(string name)
    {
        var whole = await RunAsync(name, long.MaxValue, isKilled: false);

        Assert.Contains(name, whole.Operators);
        Assert.Equal(0, whole.Error);
        if (Idle.Contains(name))
            return;
        Assert.True(whole.Looks > Count / RowsPerLookMax, $"asked {whole.Looks} times");
        foreach (var (part, isKilled) in (ValueTuple<double, bool>[])[(0.02, false), (0.3, true), (0.6, false), (0.9, true)])
        {
            // A query that is killed while it looks goes on to its next look.
            var stopAfter = Math.Min((long)(whole.Looks * part) + 1, whole.Looks - 3);
            var stopped = await RunAsync(name, stopAfter, isKilled);

            Assert.True(stopped.Error == ErrorCodes.QueryKilled.Number, $"went on to its end after {stopAfter} of {whole.Looks} looks");
            Assert.InRange(stopped.Looks, stopAfter + 1, stopAfter + 2);
        }
    }

    private async Task<(long Looks, int Error, IReadOnlySet<string> Operators)> RunAsync(string name, long stopAfter, bool isKilled)
    {
        QueryContext? context = null;
        var clock = new StoppingClock(stopAfter, isKilled ? () => context!.Kill() : null);
        var operators = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            if (name is "InsertOperator" or "UpdateOperator" or "RemoveOperator" or "UpsertOperator" or "ModifyingCalculationOperator")
            {
                // It is thrown away at the end, so that the next one finds the same documents.
                await documents.Engine.Fabric.WriteAsync<bool>(documents.Engine.Scope, transaction =>
                {
                    Read(transaction);
                    throw new OperationCanceledException();
                });
            }
            using var snapshot = documents.Engine.Fabric.OpenSnapshot(documents.Engine.Scope);
            Read(snapshot);
        }
        catch (OperationCanceledException)
        {
        }
        catch (GeoFabricException error)
        {
            return (clock.Looks, error.ErrorNumber, operators);
        }
        return (clock.Looks, 0, operators);

        void Read(IFabricReader reader)
        {
            var prepared = documents.Engine.Engine.Plans.Prepare("1", new QueryRequest(Queries[name]), reader, new StageClock(TimeProvider.System));
            context = new QueryContext(
                new QueryEnvironment(clock, () => new Random(1), "root", "_system", Path.GetTempPath()), reader, prepared.SlotCount, prepared.ReadParameters(Value.EmptyObject), QueryLimits.Default, false, new StopSignal(clock, QueryLimits.Default.Runtime, CancellationToken.None))
            {
                ParallelScans = Parallel.Contains(name) ? new ParallelScanSettings(new SpareThreads(1, 0), 0, 2000) : null,
            };
            using (context)
            using (var root = PlanBuilder.BuildQuery(prepared.Plan, context, null))
            using (var rows = new RowBatch(context.RowWidth))
            {
                while (root.Next(rows))
                    rows.Clear();
                AddOperators(root, operators, new HashSet<object>(ReferenceEqualityComparer.Instance));
            }
        }
    }

    /// <summary>The operators that an object of the engine holds.</summary>
    private static void AddOperators(object holder, HashSet<string> operators, HashSet<object> seen)
    {
        if (!seen.Add(holder))
            return;
        if (holder is PhysicalOperator)
            operators.Add(holder.GetType().Name);
        for (var type = holder.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                var held = field.FieldType.IsValueType ? null : field.GetValue(holder);
                foreach (var item in held is string or null ? Array.Empty<object>() : held as IEnumerable ?? new[] { held })
                {
                    if (item?.GetType().Namespace?.StartsWith("GeoFabric.Query.Physical", StringComparison.Ordinal) == true)
                        AddOperators(item, operators, seen);
                }
            }
        }
    }

    /// <summary>Documents with all kinds of indexes, shared by all tests here, which change nothing.</summary>
    public sealed class Documents : IAsyncLifetime
    {
        internal TestEngine Engine { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Engine = await TestEngine.CreateAsync();
            var (fabric, scope) = (Engine.Fabric, Engine.Scope);
            await fabric.CreateCollectionAsync(scope, new CollectionSettings("many"));
            await fabric.CreateCollectionAsync(scope, new CollectionSettings("plain"));
            await fabric.CreateCollectionAsync(scope, new CollectionSettings("sink"));
            await fabric.CreateCollectionAsync(scope, new CollectionSettings("links", CollectionType.Edge));
            await Engine.RunAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"FOR i IN 1..{Count} INSERT {{_key: CONCAT('k', i), n: i, x: i, y: {Count} - i, h: i % 5000, k: CONCAT('k', i % 500), loc: [i % 5, i % 3], t: 'a', vec: [i % 7, i % 11]}} INTO many"));
            await Engine.RunAsync("FOR d IN many INSERT {_from: 'many/k1', _to: d._id} INTO links");
            await Engine.RunAsync("FOR d IN many INSERT {_key: d._key} INTO plain");
            await fabric.CreateIndexAsync(scope, "many", new IndexSettings("persistent", ["n"]));
            await fabric.CreateIndexAsync(scope, "many", new IndexSettings("persistent", ["k"]));
            await fabric.CreateIndexAsync(scope, "many", new IndexSettings("mdi", ["x", "y"]) { Name = "box" });
            await fabric.CreateIndexAsync(scope, "many", new IndexSettings("geo", ["loc"]) { IsGeoJson = true });
            await fabric.CreateIndexAsync(scope, "many", new IndexSettings("vector", ["vec"]) { Vector = new VectorSettings(VectorSettings.Euclidean, 2, 4, TrainingIterations: 1) });
            var link = SearchSettings.Nothing.With(["t"], [AnalyzerDefinition.Identity], includesAllFields: false);
            await fabric.CreateViewAsync(scope, "view", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal) { ["many"] = link }));
        }

        public ValueTask DisposeAsync() => Engine.DisposeAsync();
    }
}
