using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>A whole catalog as bytes, for the way from region to region and for admissions. Holds password hashes: only for members.</summary>
public static class CatalogTransfer
{
    private static ReadOnlySpan<byte> Key => "catalog"u8;

    public static byte[] Write(ServerCatalog catalog)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("version"u8, catalog.Version);
        builder.WriteInteger("lastFabricId"u8, catalog.LastFabricId);
        if (catalog.Cluster is { } cluster)
            builder.WriteAttribute("cluster"u8, ClusterCodec.Write(cluster));
        WriteList(builder, "tenants"u8, catalog.Tenants.Values.OrderBy(tenant => tenant.Name.Text, StringComparer.Ordinal).Select(ServerRecordCodec.Write));
        WriteList(builder, "users"u8, catalog.Users.Values
            .OrderBy(user => user.Tenant.Text, StringComparer.Ordinal).ThenBy(user => user.Name, StringComparer.Ordinal).Select(ServerRecordCodec.Write));
        WriteList(builder, "fabrics"u8, catalog.Fabrics.Values.Select(ServerRecordCodec.Write));
        builder.EndObject();
        return CatalogRecord.Write(Key, builder.Build());
    }

    /// <exception cref="GeoFabricException">10 when the bytes are not such a catalog.</exception>
    public static ServerCatalog Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var source = CatalogRecord.Read(Key, bytes);
            var cluster = source.GetAttribute("cluster"u8);
            var catalog = ServerCatalog.Empty with
            {
                Version = source.Integer("version"u8),
                LastFabricId = checked((uint)source.Integer("lastFabricId"u8)),
                Cluster = cluster.IsObject ? ClusterCodec.Read(cluster) : null,
            };
            return catalog with
            {
                Tenants = catalog.Tenants.AddRange(source.List("tenants"u8, ServerRecordCodec.ReadTenant).Select(tenant => KeyValuePair.Create(tenant.Name, tenant))),
                Users = catalog.Users.AddRange(source.List("users"u8, ServerRecordCodec.ReadUser).Select(user => KeyValuePair.Create((user.Tenant, user.Name), user))),
                Fabrics = catalog.Fabrics.AddRange(source.List("fabrics"u8, ServerRecordCodec.ReadFabric).Select(fabric => KeyValuePair.Create(fabric.Id, fabric))),
            };
        }
        catch (Exception error) when (error is OverflowException or ArgumentException or InvalidOperationException or GeoFabricException)
        {
            throw ErrorCodes.BadParameter.With("the bytes are not a catalog of this version", error);
        }
    }

    private static void WriteList(ValueBuilder builder, ReadOnlySpan<byte> name, IEnumerable<Value> items)
    {
        builder.WriteName(name);
        builder.BeginArray();
        foreach (var item in items)
            builder.Write(item);
        builder.EndArray();
    }
}
