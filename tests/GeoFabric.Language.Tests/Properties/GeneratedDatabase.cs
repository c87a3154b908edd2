using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>What one run of a query gave: rows or an error, and how many warnings of each number.</summary>
internal sealed record QueryOutcome(IReadOnlyList<Value> Rows, int Error, string Message, string Warnings);

/// <summary>A fabric in memory with the collections <c>a</c> and <c>b</c>, filled from generated documents, with or without indexes.</summary>
internal sealed class GeneratedDatabase : IAsyncDisposable
{
    private readonly DatabaseHost _host;
    private readonly FabricDatabase _fabric;
    private readonly AccessScope _scope;
    private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));

    private GeneratedDatabase(DatabaseHost host, FabricDatabase fabric)
    {
        _host = host;
        _fabric = fabric;
        _scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }

    public static async Task<GeneratedDatabase> CreateAsync(GeneratedData data, bool withIndexes)
    {
        var host = await DatabaseHost.OpenAsync(new DatabaseOptions { ExpirySweepInterval = TimeSpan.Zero }, TimeProvider.System);
        Assert.True(host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric));
        var database = new GeneratedDatabase(host, fabric);
        foreach (var (name, documents, indexes) in data.Collections)
        {
            await fabric.CreateCollectionAsync(database._scope, new CollectionSettings(name));
            // Half of the indexes exist before the documents and half are filled from them.
            for (var i = 0; withIndexes && i < indexes.Count / 2; i++)
                await fabric.CreateIndexAsync(database._scope, name, indexes[i]);
            var outcome = await database.RunAsync("FOR d IN @documents INSERT d INTO @@name", $"{{\"documents\":[{string.Join(",", documents)}],\"@name\":\"{name}\"}}");
            Assert.True(outcome.Error == 0, outcome.Message);
            for (var i = indexes.Count / 2; withIndexes && i < indexes.Count; i++)
                await fabric.CreateIndexAsync(database._scope, name, indexes[i]);
        }
        return database;
    }

    /// <summary>Runs a query and reads all of its pages.</summary>
    public async Task<QueryOutcome> RunAsync(string query, string bindVars, int batchSize = QueryRequest.DefaultBatchSize, params string[] rules)
    {
        var request = new QueryRequest(query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(bindVars)))
        {
            BatchSize = batchSize,
            Rules = new RuleSelection(rules),
            Limits = QueryLimits.Default with { Warnings = 100_000 },
        };
        var rows = new List<Value>();
        try
        {
            var page = await _engine.ExecuteAsync(_fabric, _scope, TestEngine.Caller, request, TestContext.Current.CancellationToken);
            var warnings = page.Warnings.GroupBy(warning => warning.Code.Number).OrderBy(group => group.Key).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}x{group.Count()}"));
            var text = string.Join(' ', warnings);
            AddRows(page, rows);
            while (page.CursorId is { } cursor)
            {
                page = _engine.Cursors.Next(cursor, TestEngine.Caller.CursorOwner);
                AddRows(page, rows);
            }
            return new QueryOutcome(rows, 0, "", text);
        }
        catch (GeoFabricException error)
        {
            return new QueryOutcome([], error.ErrorNumber, error.Message, "");
        }
    }

    /// <summary>Every document of both collections, without what differs from one database to the next.</summary>
    public Task<QueryOutcome> ContentsAsync() => RunAsync(
        "RETURN [(FOR d IN a SORT d._key RETURN UNSET(d, '_rev')), (FOR d IN b SORT d._key RETURN UNSET(d, '_rev'))]", "{}", rules: "-all");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void AddRows(QueryPage page, List<Value> rows)
    {
        foreach (var row in JsonValueReader.Parse(page.ResultJson.Span).Items)
            rows.Add(row.Detach());
    }
}
