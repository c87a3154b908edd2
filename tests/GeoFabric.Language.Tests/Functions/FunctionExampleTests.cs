using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Execution;

namespace GeoFabric.Language.Tests.Functions;

/// <summary>Runs the example of every function as a query, so that what the language reference shows is true.</summary>
public sealed class FunctionExampleTests(FunctionExampleTests.EmptyFabric fabric) : IClassFixture<FunctionExampleTests.EmptyFabric>
{
    public static TheoryData<string> Names => [.. FunctionCatalog.All.Select(function => function.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Example_gives_the_result_it_states(string name)
    {
        FunctionCatalog.TryGet(name, out var function);

        var result = await fabric.RunAsync("RETURN " + function!.Example);

        Assert.Equal($"[{function.ExampleResult}]", result);
    }

    public sealed class EmptyFabric : IAsyncLifetime
    {
        private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
        private DatabaseHost _host = null!;
        private FabricDatabase _fabric = null!;
        private AccessScope _scope = null!;

        public async ValueTask InitializeAsync()
        {
            _host = await DatabaseHost.OpenAsync(new DatabaseOptions { ExpirySweepInterval = TimeSpan.Zero }, TimeProvider.System);
            Assert.True(_host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric));
            _fabric = fabric;
            _scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
        }

        public async Task<string> RunAsync(string query)
        {
            var caller = new QueryCaller("1", "_system", "root");
            var page = await _engine.ExecuteAsync(_fabric, _scope, caller, new QueryRequest(query), CancellationToken.None);
            return Encoding.UTF8.GetString(page.ResultJson.Span);
        }

        public ValueTask DisposeAsync() => _host.DisposeAsync();
    }
}
