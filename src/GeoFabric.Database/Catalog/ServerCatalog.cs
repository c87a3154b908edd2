using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <param name="Metadata">Free data of the tenant's administrator: an object or null.</param>
public sealed record TenantRecord(TenantName Name, string Email, bool IsActive, Value Metadata);

/// <param name="PasswordHash">Opaque here; made and checked by the server.</param>
/// <param name="Version">Grows with every change of password or state, so that tokens issued before it stop counting.</param>
/// <param name="Metadata">Free data: an object or null.</param>
public sealed record UserRecord(TenantName Tenant, string Name, string Email, string PasswordHash, long Version, bool IsActive, Value Metadata)
{
    /// <summary>What queries of the user can ask for: an object or null.</summary>
    public Value Attributes { get; init; }
}

/// <param name="DataCenters">Comma-separated names of the regions; empty for all.</param>
/// <param name="SpotRegion">Name of the region that leads strongly consistent writes; may be empty.</param>
/// <param name="Metadata">Free data: an object or null.</param>
public sealed record FabricOptions(string DataCenters, string SpotRegion, Value Metadata)
{
    public static FabricOptions Default { get; } = new("", "", Value.Null);

    /// <summary>What readers may rely on unless collection or request say otherwise; null is causal.</summary>
    public ConsistencyLevel? Consistency { get; init; }
}

/// <summary>Life of a fabric. Persisted: append only. Only available ones are shown; the others are finished or undone at the next start.</summary>
public enum FabricState : byte
{
    Creating = 1,
    Available = 2,
    Dropping = 3,
}

/// <param name="Id">Unique in the cluster, never reused; names the directory.</param>
/// <param name="CreatedIn">The cluster's epoch when it was made: regions admitted later have missed what was written before them.</param>
public sealed record FabricRecord(uint Id, TenantName Tenant, FabricName Name, FabricOptions Options, FabricState State, ClusterEpoch CreatedIn = default);

/// <summary>All tenants, users, fabrics and regions at one version. Immutable and swapped whole.</summary>
/// <remarks>In a cluster the home region writes it and the others take it over as it is, so a version means the same everywhere.</remarks>
public sealed record ServerCatalog
{
    internal static ServerCatalog Empty { get; } = new();

    public long Version { get; internal init; }

    /// <summary>The regions of the cluster; null for a server on its own.</summary>
    public ClusterConfiguration? Cluster { get; internal init; }

    public ImmutableDictionary<TenantName, TenantRecord> Tenants { get; internal init; } = ImmutableDictionary<TenantName, TenantRecord>.Empty;

    internal uint LastFabricId { get; init; }

    internal ImmutableDictionary<(TenantName Tenant, string Name), UserRecord> Users { get; init; } =
        ImmutableDictionary<(TenantName, string), UserRecord>.Empty;

    /// <summary>Fabrics by id, also those on their way in or out.</summary>
    internal ImmutableSortedDictionary<uint, FabricRecord> Fabrics { get; init; } = ImmutableSortedDictionary<uint, FabricRecord>.Empty;

    /// <summary>The fabrics of all tenants that can be used, by number.</summary>
    public IEnumerable<FabricRecord> AllFabrics => Fabrics.Values.Where(fabric => fabric.State == FabricState.Available);

    public bool TryGetTenant(TenantName name, [MaybeNullWhen(false)] out TenantRecord tenant) => Tenants.TryGetValue(name, out tenant);

    public bool TryGetUser(TenantName tenant, string name, [MaybeNullWhen(false)] out UserRecord user) => Users.TryGetValue((tenant, name), out user);

    /// <summary>The users of a tenant, by name.</summary>
    public IReadOnlyList<UserRecord> ListUsers(TenantName tenant) =>
        [.. Users.Values.Where(user => user.Tenant == tenant).OrderBy(user => user.Name, StringComparer.Ordinal)];

    /// <summary>Looks a user up by e-mail address, without regard to case, among all tenants.</summary>
    public UserRecord? FindUserByEmail(string email) =>
        Users.Values.FirstOrDefault(user => string.Equals(user.Email, email, StringComparison.OrdinalIgnoreCase));

    public bool TryGetFabric(TenantName tenant, FabricName name, [MaybeNullWhen(false)] out FabricRecord fabric)
    {
        fabric = Fabrics.Values.FirstOrDefault(
            candidate => candidate.State == FabricState.Available && candidate.Name == name && candidate.Tenant == tenant);
        return fabric is not null;
    }

    /// <summary>The fabrics of a tenant, by name.</summary>
    public IReadOnlyList<FabricRecord> ListFabrics(TenantName tenant) =>
    [
        .. Fabrics.Values.Where(fabric => fabric.Tenant == tenant && fabric.State == FabricState.Available)
            .OrderBy(fabric => fabric.Name.Text, StringComparer.Ordinal),
    ];
}
