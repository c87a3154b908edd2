using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Access;

/// <summary>The resolved rights of one principal in one fabric. The one place where access is decided, under every door.</summary>
/// <param name="FabricId">The fabric the rights hold for; using them on another one is a programming error and fails.</param>
/// <param name="UserName">Whom log records and messages name.</param>
/// <param name="DefaultLevel">Holds for the fabric and for every collection without a level of its own.</param>
public sealed record AccessScope(TenantName Tenant, uint FabricId, string UserName, AccessLevel DefaultLevel)
{
    /// <summary>Levels of single collections, by collection id.</summary>
    public ImmutableDictionary<uint, AccessLevel> CollectionLevels { get; init; } = ImmutableDictionary<uint, AccessLevel>.Empty;

    /// <summary>Whether the server acts on its own account.</summary>
    internal bool IsServer { get; init; }

    public AccessLevel LevelOf(CollectionDefinition collection) =>
        !CollectionLevels.IsEmpty && CollectionLevels.TryGetValue(collection.Id, out var level) ? level : DefaultLevel;

    /// <exception cref="GeoFabricException">11 with status 403.</exception>
    public void DemandRead(CollectionDefinition collection)
    {
        if (LevelOf(collection) < AccessLevel.Read)
            throw ErrorCodes.AccessDenied.With($"user '{UserName}' may not read collection '{collection.Name}'");
    }

    /// <exception cref="GeoFabricException">11 with status 403.</exception>
    public void DemandWrite(CollectionDefinition collection)
    {
        if (LevelOf(collection) < AccessLevel.Write)
            throw ErrorCodes.AccessDenied.With($"user '{UserName}' may not write to collection '{collection.Name}'");
        if (collection.IsServersOwn && !IsServer)
            throw ErrorCodes.AccessDenied.With($"collection '{collection.Name}' is written by the server alone");
    }

    /// <summary>Asks for the right to change definitions.</summary>
    /// <exception cref="GeoFabricException">11 with status 403.</exception>
    public void DemandAdministration()
    {
        if (DefaultLevel < AccessLevel.Administrate)
            throw ErrorCodes.AccessDenied.With($"user '{UserName}' may not administrate this fabric");
    }
}
