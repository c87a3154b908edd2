using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Verification;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Optimizer.Rules;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>What one run of a query gave: rows or an error, and how many warnings of each number.</summary>
internal sealed record QueryOutcome(IReadOnlyList<Value> Rows, int Error, string Message, string Warnings);

/// <summary>A fabric filled from generated documents, in memory or in a directory, with or without indexes.</summary>
internal sealed class GeneratedDatabase : IAsyncDisposable
{
    private readonly DatabaseHost _host;
    private readonly FabricDatabase _fabric;
    private readonly AccessScope _scope;
    private readonly EngineMistake? _mistake;
    private readonly QueryEngine _engine;
    private readonly QueryEngine _engineOfThreads;

    private GeneratedDatabase(DatabaseHost host, FabricDatabase fabric, EngineMistake? mistake)
    {
        _host = host;
        _fabric = fabric;
        _mistake = mistake;
        IReadOnlyList<IPlanRule> rules = [.. (mistake?.Rules ?? RuleSchedule.Rules).Select(OnSmallData)];
        _engine = new QueryEngine(new QueryEngineOptions { Rules = rules }, TimeProvider.System, () => new Random(1));
        _engineOfThreads = new QueryEngine(TestEngine.SeveralThreads with { Rules = rules }, TimeProvider.System, () => new Random(1));
        _scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }

    /// <param name="mistake">What is wrong with the engine on purpose; null for nothing.</param>
    /// <param name="directory">Where the data lies; null for in memory.</param>
    public static async Task<GeneratedDatabase> CreateAsync(GeneratedData data, bool withIndexes, EngineMistake? mistake = null, string? directory = null)
    {
        var host = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = directory, ExpirySweepInterval = TimeSpan.Zero, MapSizeBytes = 64 << 20 }, TimeProvider.System);
        if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("A new database has no system fabric.");
        var database = new GeneratedDatabase(host, fabric, mistake);
        foreach (var (name, isEdge, documents, indexes) in data.Collections)
        {
            await fabric.CreateCollectionAsync(database._scope, new CollectionSettings(name, isEdge ? CollectionType.Edge : CollectionType.Document));
            // Half of the indexes exist before the documents and half are filled from them.
            for (var i = 0; withIndexes && i < indexes.Count / 2; i++)
                await fabric.CreateIndexAsync(database._scope, name, indexes[i]);
            var outcome = await database.RunAsync("FOR d IN @documents INSERT d INTO @@name", $"{{\"documents\":[{string.Join(",", documents)}],\"@name\":\"{name}\"}}");
            if (outcome.Error != 0)
                throw new InvalidOperationException(outcome.Message);
            for (var i = indexes.Count / 2; withIndexes && i < indexes.Count; i++)
                await fabric.CreateIndexAsync(database._scope, name, indexes[i]);
        }
        await fabric.CreateGraphAsync(database._scope, GeneratedData.Graph);
        if (data.HasView)
            await GeneratedView.CreateAsync(fabric, database._scope);
        return database;
    }

    /// <summary>Runs a query and reads all of its pages.</summary>
    public Task<QueryOutcome> RunAsync(string query, string bindVars, int batchSize = QueryRequest.DefaultBatchSize, params string[] rules) =>
        RunAsync(_engine, query, bindVars, batchSize, rules);

    /// <summary>As <see cref="RunAsync(string, string, int, string[])"/>, by an engine whose threads share each scan.</summary>
    public Task<QueryOutcome> RunByThreadsAsync(string query, string bindVars) => RunAsync(_engineOfThreads, query, bindVars, QueryRequest.DefaultBatchSize, []);

    private async Task<QueryOutcome> RunAsync(QueryEngine engine, string query, string bindVars, int batchSize, string[] rules)
    {
        var request = new QueryRequest(query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(bindVars)))
        {
            BatchSize = batchSize,
            Rules = new RuleSelection([.. rules, .. _mistake?.AlwaysOn ?? []]),
            Limits = QueryLimits.Default with { Warnings = 100_000 },
        };
        var rows = new List<Value>();
        try
        {
            var page = await engine.ExecuteAsync(_fabric, _scope, TestEngine.Caller, request, CancellationToken.None);
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

    /// <summary>The names of the rules that change the plan of a query; none when it has no plan.</summary>
    public IReadOnlyList<string> AppliedRules(string query, string bindVars)
    {
        try
        {
            return [.. _engine.Explain(_fabric, _scope, TestEngine.Caller, new QueryRequest(query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(bindVars)))).Rules];
        }
        catch (GeoFabricException)
        {
            return [];
        }
    }

    /// <summary>Every document of a collection.</summary>
    public Task<QueryOutcome> ContentsAsync(string collection) => RunAsync($"FOR d IN {collection} SORT d._key RETURN d", "{}", rules: "-all");

    /// <summary>What the indexes say that the documents do not.</summary>
    public IReadOnlyList<string> Disagreements() => FabricVerifier.Verify(_fabric).Disagreements;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Generated data are so small that another order of loops would hardly ever seem worth it.</summary>
    private static IPlanRule OnSmallData(IPlanRule rule) => rule is InterchangeAdjacentEnumerationsRule ? new InterchangeAdjacentEnumerationsRule(savedMin: 0) : rule;

    private static void AddRows(QueryPage page, List<Value> rows)
    {
        var hasRevisions = page.ResultJson.Span.IndexOf("\"_rev\""u8) >= 0;
        foreach (var row in JsonValueReader.Parse(page.ResultJson.Span).Items)
            rows.Add(hasRevisions ? WithoutRevisions(row) : row.Detach());
    }

    /// <summary>Revisions differ from one database to the next.</summary>
    private static Value WithoutRevisions(Value value)
    {
        if (value.IsArray)
            return Value.FromList([.. ReferenceValues.Items(value).Select(WithoutRevisions)]);
        return value.IsObject
            ? ReferenceValues.Object(ReferenceValues.Members(value).Where(member => member.Name != "_rev").Select(member => (member.Name, WithoutRevisions(member.Value))).ToList())
            : value.Detach();
    }
}
