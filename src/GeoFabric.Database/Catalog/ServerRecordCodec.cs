using System.Buffers.Binary;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Catalog;

/// <summary>Tenants, users and fabrics as records of the server's environment. Persisted: attributes may be added, never given another meaning.</summary>
internal static class ServerRecordCodec
{
    public static byte[] StateKey { get; } = [(byte)Keyspace.Server, (byte)ServerRecordKind.State];

    public static byte[] RegionKey { get; } = [(byte)Keyspace.Server, (byte)ServerRecordKind.Region];

    public static byte[] ClusterKey { get; } = [(byte)Keyspace.Server, (byte)ServerRecordKind.Cluster];

    public static KeyRange RangeOf(ServerRecordKind kind) => KeyRange.WithPrefix([(byte)Keyspace.Server, (byte)kind]);

    public static byte[] TenantKey(TenantName name) => [(byte)Keyspace.Server, (byte)ServerRecordKind.Tenant, .. Encoding.UTF8.GetBytes(name.Text)];

    public static byte[] UserKey(TenantName tenant, string name) =>
        [(byte)Keyspace.Server, (byte)ServerRecordKind.User, .. Encoding.UTF8.GetBytes(tenant.Text), 0, .. Encoding.UTF8.GetBytes(name)];

    public static byte[] FabricKey(uint id) => NumberedKey(ServerRecordKind.Fabric, id);

    public static byte[] PendingDropKey(uint fabricId) => NumberedKey(ServerRecordKind.PendingDrop, fabricId);

    public static Value Write(TenantRecord tenant)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("name"u8, tenant.Name.Text);
        builder.WriteText("email"u8, tenant.Email);
        builder.WriteFlag("isActive"u8, tenant.IsActive);
        builder.WriteAttribute("metadata"u8, tenant.Metadata);
        builder.EndObject();
        return builder.Build();
    }

    public static TenantRecord ReadTenant(Value source) => new(
        TenantName.Parse(source.Text("name"u8)), source.Text("email"u8), source.Flag("isActive"u8, true), source.GetAttribute("metadata"u8));

    public static Value Write(UserRecord user)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("tenant"u8, user.Tenant.Text);
        builder.WriteText("name"u8, user.Name);
        builder.WriteText("email"u8, user.Email);
        builder.WriteText("passwordHash"u8, user.PasswordHash);
        builder.WriteInteger("version"u8, user.Version);
        builder.WriteFlag("isActive"u8, user.IsActive);
        builder.WriteAttribute("metadata"u8, user.Metadata);
        if (!user.Attributes.IsNull)
            builder.WriteAttribute("attributes"u8, user.Attributes);
        builder.EndObject();
        return builder.Build();
    }

    public static UserRecord ReadUser(Value source) => new(
        TenantName.Parse(source.Text("tenant"u8)), source.Text("name"u8), source.Text("email"u8), source.Text("passwordHash"u8),
        source.Integer("version"u8), source.Flag("isActive"u8, true), source.GetAttribute("metadata"u8))
    {
        Attributes = source.GetAttribute("attributes"u8),
    };

    public static Value Write(FabricRecord fabric)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("id"u8, fabric.Id);
        builder.WriteText("tenant"u8, fabric.Tenant.Text);
        builder.WriteText("name"u8, fabric.Name.Text);
        builder.WriteInteger("state"u8, (int)fabric.State);
        builder.WriteText("dataCenters"u8, fabric.Options.DataCenters);
        builder.WriteText("spotRegion"u8, fabric.Options.SpotRegion);
        builder.WriteAttribute("metadata"u8, fabric.Options.Metadata);
        if (fabric.CreatedIn != default)
            builder.WriteInteger("createdIn"u8, (long)fabric.CreatedIn.Bits);
        if (fabric.Options.Consistency is { } consistency)
            builder.WriteText("consistency"u8, consistency.ToString());
        builder.EndObject();
        return builder.Build();
    }

    public static FabricRecord ReadFabric(Value source) => new(
        (uint)source.Integer("id"u8),
        TenantName.Parse(source.Text("tenant"u8)),
        FabricName.Parse(source.Text("name"u8)),
        new FabricOptions(source.Text("dataCenters"u8), source.Text("spotRegion"u8), source.GetAttribute("metadata"u8))
        {
            Consistency = ConsistencyLevel.TryParse(source.Text("consistency"u8), out var consistency) ? consistency : null,
        },
        (FabricState)source.Integer("state"u8),
        new ClusterEpoch((ulong)source.Integer("createdIn"u8)));

    public static Value WriteState(long version, uint lastFabricId)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("version"u8, version);
        builder.WriteInteger("lastFabricId"u8, lastFabricId);
        builder.EndObject();
        return builder.Build();
    }

    private static byte[] NumberedKey(ServerRecordKind kind, uint id)
    {
        var key = new byte[6];
        key[0] = (byte)Keyspace.Server;
        key[1] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(2), id);
        return key;
    }
}
