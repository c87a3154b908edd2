using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Tests.Storage;

namespace GeoFabric.Tests.Database;

/// <summary>The system fabric of a fresh host, in memory or on LMDB, and short ways to use it.</summary>
internal sealed class TestFabric : IAsyncDisposable
{
    private readonly TemporaryDirectory? _directory;

    private TestFabric(DatabaseHost host, ManualTimeProvider clock, TemporaryDirectory? directory, DatabaseOptions options)
    {
        Host = host;
        Clock = clock;
        Options = options;
        _directory = directory;
        Attach();
    }

    public DatabaseHost Host { get; private set; }

    public FabricDatabase Fabric { get; private set; } = null!;

    public AccessScope Scope { get; private set; } = null!;

    public ManualTimeProvider Clock { get; }

    public DatabaseOptions Options { get; }

    public static async Task<TestFabric> OpenAsync(bool onDisk = false, DatabaseOptions? options = null)
    {
        var directory = onDisk ? new TemporaryDirectory() : null;
        var clock = new ManualTimeProvider();
        options = (options ?? new DatabaseOptions()) with { DataDirectory = directory?.DirectoryPath, MapSizeBytes = 64 << 20, ExpirySweepInterval = TimeSpan.Zero };
        return new TestFabric(await DatabaseHost.OpenAsync(options, clock), clock, directory, options);
    }

    /// <summary>Closes and opens the host again; only on disk does anything survive.</summary>
    public async Task ReopenAsync()
    {
        await Host.DisposeAsync();
        Host = await DatabaseHost.OpenAsync(Options, Clock);
        Attach();
    }

    public static Value Json(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));

    public static byte[] Key(string key) => Encoding.UTF8.GetBytes(key);

    public Task<CollectionDefinition> CreateAsync(string name, CollectionType type = CollectionType.Document, KeyOptions? keyOptions = null) =>
        Fabric.CreateCollectionAsync(Scope, new CollectionSettings(name, type) { KeyOptions = keyOptions ?? KeyOptions.Traditional });

    public Task<IndexCreation> IndexAsync(string collection, string type, params string[] fields) =>
        Fabric.CreateIndexAsync(Scope, collection, new IndexSettings(type, [.. fields]));

    public Task<T> WriteAsync<T>(Func<FabricTransaction, T> work) => Fabric.WriteAsync(Scope, work);

    /// <summary>Inserts and returns the key.</summary>
    public Task<string> InsertAsync(CollectionDefinition collection, string json, InsertOptions? options = null) =>
        WriteAsync(transaction => Encoding.UTF8.GetString(transaction.Insert(collection, Json(json), options ?? InsertOptions.Default).Key));

    public Task<string> UpdateAsync(CollectionDefinition collection, string key, string json, UpdateOptions? options = null) =>
        WriteAsync(transaction => transaction.Update(collection, Key(key), Json(json), options ?? UpdateOptions.Default).Stamp.ToString());

    public Task<string> ReplaceAsync(CollectionDefinition collection, string key, string json, ReplaceOptions? options = null) =>
        WriteAsync(transaction => transaction.Replace(collection, Key(key), Json(json), options ?? ReplaceOptions.Default).Stamp.ToString());

    public Task<string> RemoveAsync(CollectionDefinition collection, string key, RemoveOptions? options = null) =>
        WriteAsync(transaction => transaction.Remove(collection, Key(key), options ?? RemoveOptions.Default).Stamp.ToString());

    /// <summary>The document as JSON without <c>_id</c> and <c>_rev</c>, or null.</summary>
    public string? Read(CollectionDefinition collection, string key)
    {
        using var snapshot = Fabric.OpenSnapshot(Scope);
        return snapshot.TryGetDocument(collection, Key(key), out var document) ? Plain(document) : null;
    }

    public string? Revision(CollectionDefinition collection, string key)
    {
        using var snapshot = Fabric.OpenSnapshot(Scope);
        return snapshot.TryGetDocument(collection, Key(key), out var document) ? document.GetAttribute("_rev"u8).Text : null;
    }

    public static string Plain(Value document)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        foreach (var (name, value) in document.Attributes)
        {
            if (!name.SequenceEqual("_id"u8) && !name.SequenceEqual("_rev"u8))
                builder.WriteAttribute(name, value);
        }
        builder.EndObject();
        return builder.Build().ToString();
    }

    /// <summary>Keys of the documents in an index range, in index order.</summary>
    public List<string> Scan(CollectionDefinition collection, IndexDefinition index, IndexRange range, GeoFabric.Storage.ScanDirection direction = default)
    {
        using var snapshot = Fabric.OpenSnapshot(Scope);
        using var cursor = snapshot.ScanIndex(collection, index, range, direction);
        var keys = new List<string>();
        while (cursor.MoveNext())
        {
            keys.Add(Encoding.UTF8.GetString(cursor.DocumentKey));
            Assert.Equal(keys[^1], cursor.Document.GetAttribute("_key"u8).Text);
        }
        return keys;
    }

    public void AssertSound()
    {
        var report = FabricVerifier.Verify(Fabric);
        Assert.True(report.Disagreements.Count == 0, string.Join('\n', report.Disagreements));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory?.Dispose();
    }

    private void Attach()
    {
        Assert.True(Host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric));
        Fabric = fabric;
        Scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }
}
