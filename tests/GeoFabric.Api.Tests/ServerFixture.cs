using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

[assembly: AssemblyFixture(typeof(GeoFabric.Api.Tests.ServerFixture))]

namespace GeoFabric.Api.Tests;

/// <summary>One real server on a free port, in memory, shared by all tests; each test makes the fabric it works in.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string Password = "Secret-123";

    private static int s_lastFabric;

    private ServerHost? _server;

    public string Url => _server!.Url;

    /// <summary>Root of the root tenant.</summary>
    public ApiClient Root { get; private set; } = null!;

    public static ServerOptions Options => new()
    {
        Port = 0,
        Region = "test-region",
        // A real round count would take most of the tests' time.
        Login = new LoginOptions { RootPassword = Password, PasswordRounds = 1000, FailuresPerAddress = 10_000 },
        Limits = new HttpLimits { RequestBodyBytesMax = 4 << 20 },
    };

    public async ValueTask InitializeAsync()
    {
        _server = await ServerHost.StartAsync(Options, TimeProvider.System);
        Root = await ApiClient.LogInAsync(Url, "_mm", "root", Password);
    }

    public async ValueTask DisposeAsync()
    {
        Root.Dispose();
        await _server!.DisposeAsync();
    }

    /// <summary>Makes a fabric of the root tenant and returns a client whose paths are relative to it.</summary>
    public async Task<ApiClient> NewFabricAsync()
    {
        var name = $"fabric{Interlocked.Increment(ref s_lastFabric)}";
        var created = await Root.PostAsync("/_fabric/_system/_api/database", $$"""{"name":"{{name}}"}""");
        Assert.Equal(201, created.Status);
        return Root.In($"/_fabric/{name}/_api");
    }

    /// <summary>Makes a fabric with collection <c>c</c> in it.</summary>
    public async Task<ApiClient> NewCollectionAsync(string settings = "")
    {
        var fabric = await NewFabricAsync();
        var created = await fabric.PostAsync("/collection", $$"""{"name":"c"{{settings}}}""");
        Assert.Equal(200, created.Status);
        return fabric;
    }
}
