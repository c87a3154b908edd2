using System.Globalization;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Server.Transport;

/// <summary>Where a catalog stands in the line of catalogs, without its contents. Written as <c>term.version.home</c>.</summary>
internal readonly record struct CatalogPosition(uint Term, long Version, ushort Home)
{
    public static CatalogPosition Of(ServerCatalog catalog) =>
        catalog.Cluster is { } cluster ? new CatalogPosition(cluster.Epoch.Term, catalog.Version, cluster.Home) : default;

    /// <returns>The position before all others for text that is none.</returns>
    public static CatalogPosition Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && ushort.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var home)
            ? new CatalogPosition(term, version, home)
            : default;
    }

    public bool IsAfter(CatalogPosition other) => Term != other.Term ? Term > other.Term : Version > other.Version;

    /// <summary>Two regions were made home in one term.</summary>
    public bool IsOfOtherHome(CatalogPosition other) => Term == other.Term && Home != other.Home;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Term}.{Version}.{Home}");
}
