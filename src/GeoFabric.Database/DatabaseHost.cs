using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database;

/// <summary>All tenants and fabrics of one data directory, or of memory.</summary>
/// <remarks>Thread-safe. A new directory gets the root tenant with its system fabric, and no user.</remarks>
public sealed class DatabaseHost : IAsyncDisposable
{
    public static Task<DatabaseHost> OpenAsync(DatabaseOptions options, TimeProvider clock, Random random, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Tenants, users and fabrics as of the last commit.</summary>
    public ServerCatalog Catalog => throw new NotImplementedException();

    /// <summary>256 secret bits for signing session tokens; made at the first start, kept in a file only the owner may read.</summary>
    public ReadOnlyMemory<byte> TokenSigningKey => throw new NotImplementedException();

    /// <summary>Finds an open fabric. A system fabric exists for every tenant.</summary>
    public bool TryGetFabric(TenantName tenant, FabricName fabric, [MaybeNullWhen(false)] out FabricDatabase database) => throw new NotImplementedException();

    /// <summary>Creates a tenant with its system fabric.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1207 taken.</exception>
    public Task<TenantRecord> CreateTenantAsync(TenantName name, string email, Value metadata = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<TenantRecord> UpdateTenantAsync(TenantName name, Func<TenantRecord, TenantRecord> change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Drops a tenant with its users and fabrics. The root tenant stays (11).</summary>
    public Task DropTenantAsync(TenantName name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="Primitives.Errors.GeoFabricException">1207 taken, 100012 when another user has the e-mail address, 404 unknown tenant.</exception>
    public Task<UserRecord> CreateUserAsync(TenantName tenant, string name, string email, string passwordHash, Value metadata = default, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes a user; the version grows, which ends the user's sessions, when password or state differ afterwards.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1703 unknown user.</exception>
    public Task<UserRecord> UpdateUserAsync(TenantName tenant, string name, Func<UserRecord, UserRecord> change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="Primitives.Errors.GeoFabricException">1703 unknown user.</exception>
    public Task DeleteUserAsync(TenantName tenant, string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="Primitives.Errors.GeoFabricException">1207 taken, 404 unknown tenant.</exception>
    public Task<FabricDatabase> CreateFabricAsync(TenantName tenant, FabricName name, FabricOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="Primitives.Errors.GeoFabricException">1228 unknown fabric.</exception>
    public Task<FabricRecord> UpdateFabricOptionsAsync(TenantName tenant, FabricName name, Func<FabricOptions, FabricOptions> change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Drops a fabric: gone for new requests at once, its files when its last snapshot is closed. The system fabric stays (1230).</summary>
    public Task DropFabricAsync(TenantName tenant, FabricName name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
