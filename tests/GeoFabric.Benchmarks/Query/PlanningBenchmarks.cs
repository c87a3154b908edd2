using BenchmarkDotNet.Attributes;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Benchmarks.Query;

/// <summary>From text to plan, with and without the plan cache, and a whole query by primary key.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private const string Text = "FOR p IN people FILTER p._key == @key AND p.age >= 18 SORT p.name LIMIT 10 RETURN { name: p.name, city: UPPER(p.city) }";

    private static readonly QueryCaller Caller = new("1", "_system", "root");

    private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
    private readonly QueryRequest _request = new(Text, JsonValueReader.Parse("""{"key":"k1"}"""u8));
    private DatabaseHost _host = null!;
    private FabricDatabase _fabric = null!;
    private AccessScope _scope = null!;
    private FabricSnapshot _snapshot = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _host = await DatabaseHost.OpenAsync(new DatabaseOptions(), TimeProvider.System);
        if (!_host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        _fabric = fabric;
        _scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
        await fabric.CreateCollectionAsync(_scope, new CollectionSettings("people"));
        await ExecuteAsync(new QueryRequest("FOR i IN 1..1000 INSERT { _key: CONCAT('k', i), name: CONCAT('n', i), age: i, city: 'Graz' } INTO people", default));
        _snapshot = fabric.OpenSnapshot(_scope);
        _engine.Plans.Prepare("1", _request, _snapshot, new StageClock(TimeProvider.System));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _snapshot.Dispose();
        await _host.DisposeAsync();
    }

    [Benchmark]
    public ParsedQuery Parse() => QueryEngine.Parse(Text);

    [Benchmark]
    public PreparedQuery ParseAndPlan() => new PlanCache(RuleSchedule.Rules).Prepare("1", _request, _snapshot, new StageClock(TimeProvider.System));

    [Benchmark]
    public PreparedQuery PlanCacheHit() => _engine.Plans.Prepare("1", _request, _snapshot, new StageClock(TimeProvider.System));

    [Benchmark]
    public Task<QueryPage> QueryByKeyAsync() => ExecuteAsync(_request);

    private Task<QueryPage> ExecuteAsync(QueryRequest request) => _engine.ExecuteAsync(_fabric, _scope, Caller, request, CancellationToken.None);
}
