namespace GeoFabric.Database.Catalog;

/// <summary>What a region thinks of a catalog that another one shows it.</summary>
public enum CatalogVerdict
{
    /// <summary>It comes after the region's own, and is to replace it.</summary>
    Newer,

    /// <summary>The region has it.</summary>
    Same,

    /// <summary>The region has a later one, which the other should get.</summary>
    Older,

    /// <summary>It is of another cluster, or of none.</summary>
    ForeignCluster,

    /// <summary>Two regions were made home in one term: neither gives way, until one of them is promoted once more.</summary>
    TwoHomes,

    /// <summary>It does not make sense in itself, or against what the region knows.</summary>
    Contradiction,
}

/// <summary>
/// Which of two catalogs comes after the other. A catalog is written at the home region only and travels whole, so of one term there is one line of
/// versions, and a later term stands above all versions of the terms before it.
/// </summary>
public static class CatalogSuccession
{
    public static CatalogVerdict Judge(ServerCatalog own, ServerCatalog offered)
    {
        if (offered.Cluster is not { } theirs || own.Cluster is not { } ours || theirs.ClusterId != ours.ClusterId)
            return CatalogVerdict.ForeignCluster;
        if (!theirs.IsSound() || theirs.Epoch.Number > offered.Version)
            return CatalogVerdict.Contradiction;
        var order = theirs.Epoch.Term.CompareTo(ours.Epoch.Term);
        if (order == 0)
        {
            if (theirs.Home != ours.Home)
                return CatalogVerdict.TwoHomes;
            order = offered.Version.CompareTo(own.Version);
            // Within a term both numbers only grow.
            if (order * theirs.Epoch.CompareTo(ours.Epoch) < 0 || (order == 0 && theirs.Epoch != ours.Epoch))
                return CatalogVerdict.Contradiction;
        }
        return order switch
        {
            > 0 => CatalogVerdict.Newer,
            0 => CatalogVerdict.Same,
            _ => CatalogVerdict.Older,
        };
    }

    /// <summary>Whether a region may write <paramref name="next"/>: as the home, as the founder, or as the one that takes over.</summary>
    public static bool MayWrite(ushort region, ClusterConfiguration? present, ClusterConfiguration next) => present is null
        ? next.Home == region && next.Epoch == ClusterEpoch.First
        : next.Epoch > present.Epoch
            && next.ClusterId == present.ClusterId
            && (present.Home == region || (next.Home == region && next.Epoch.Term == present.Epoch.Term + 1));
}
