using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>The cluster's configuration and a directory's identity as records. Persisted: attributes may be added, never given another meaning.</summary>
internal static class ClusterCodec
{
    public static Value Write(RegionIdentity identity)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("id"u8, identity.Id);
        builder.WriteText("name"u8, identity.Name.Text);
        builder.WriteInteger("incarnation"u8, identity.Incarnation);
        builder.WriteFlag("isNamed"u8, identity.IsNamed);
        builder.EndObject();
        return builder.Build();
    }

    public static RegionIdentity ReadIdentity(Value source) => new(
        checked((ushort)source.Integer("id"u8)), RegionName.Parse(source.Text("name"u8)), checked((byte)source.Integer("incarnation"u8)), source.Flag("isNamed"u8));

    public static Value Write(ClusterConfiguration cluster)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("clusterId"u8, cluster.ClusterId);
        builder.WriteInteger("epoch"u8, (long)cluster.Epoch.Bits);
        builder.WriteInteger("home"u8, cluster.Home);
        builder.WriteInteger("lastRegionId"u8, cluster.LastRegionId);
        builder.WriteName("regions"u8);
        builder.BeginArray();
        foreach (var region in cluster.Regions.Values)
            WriteRegion(builder, region);
        builder.EndArray();
        if (!cluster.Groups.IsEmpty)
            WriteGroups(builder, cluster.Groups);
        builder.EndObject();
        return builder.Build();
    }

    public static ClusterConfiguration Read(Value source) => new ClusterConfiguration(
        source.Text("clusterId"u8),
        new ClusterEpoch((ulong)source.Integer("epoch"u8)),
        checked((ushort)source.Integer("home"u8)),
        checked((ushort)source.Integer("lastRegionId"u8)),
        source.List("regions"u8, ReadRegion).ToImmutableSortedDictionary(region => region.Id, region => region))
    {
        Groups = ReadGroups(source.GetAttribute("groups"u8)),
    };

    private static void WriteGroups(ValueBuilder builder, ImmutableSortedDictionary<string, ChangeScope> groups)
    {
        builder.WriteName("groups"u8);
        builder.BeginObject();
        foreach (var (name, scope) in groups)
            builder.WriteAttribute(Encoding.UTF8.GetBytes(name), Value.FromInteger((long)scope.Number));
        builder.EndObject();
    }

    private static ImmutableSortedDictionary<string, ChangeScope> ReadGroups(Value source)
    {
        var groups = ImmutableSortedDictionary.Create<string, ChangeScope>(StringComparer.Ordinal);
        if (!source.IsObject)
            return groups;
        foreach (var (name, scope) in source.Attributes)
            groups = groups.SetItem(Encoding.UTF8.GetString(name), new ChangeScope((ulong)scope.Integer));
        return groups;
    }

    private static void WriteRegion(ValueBuilder builder, ClusterRegion region)
    {
        builder.BeginObject();
        builder.WriteInteger("id"u8, region.Id);
        builder.WriteText("name"u8, region.Name.Text);
        builder.WriteText("displayName"u8, region.DisplayName);
        builder.WriteText("city"u8, region.Place.City);
        builder.WriteText("countryCode"u8, region.Place.CountryCode);
        builder.WriteText("country"u8, region.Place.Country);
        builder.WriteAttribute("latitude"u8, Value.FromDouble(region.Place.Latitude));
        builder.WriteAttribute("longitude"u8, Value.FromDouble(region.Place.Longitude));
        builder.WriteText("publicUrl"u8, region.PublicUrl);
        builder.WriteText("peerUrl"u8, region.PeerUrl);
        builder.WriteInteger("incarnation"u8, region.Incarnation);
        builder.WriteInteger("state"u8, (int)region.State);
        builder.WriteFlag("isSpot"u8, region.IsSpot);
        builder.WriteAttribute("certificateSerials"u8, Value.FromList([.. region.CertificateSerials.Select(Value.FromString)]));
        builder.WriteInteger("admittedIn"u8, (long)region.AdmittedIn.Bits);
        builder.WriteFlag("isFrozen"u8, region.IsFrozen);
        builder.WriteName("closed"u8);
        builder.BeginArray();
        foreach (var closed in region.Closed)
        {
            builder.BeginObject();
            builder.WriteInteger("incarnation"u8, closed.Incarnation);
            builder.WriteAttribute("fabrics"u8, Value.FromList([.. closed.LastSequences.Keys.Select(fabric => Value.FromInteger(fabric))]));
            builder.WriteAttribute("sequences"u8, Value.FromList([.. closed.LastSequences.Values.Select(sequence => Value.FromInteger((long)sequence))]));
            builder.EndObject();
        }
        builder.EndArray();
        builder.EndObject();
    }

    private static ClusterRegion ReadRegion(Value source)
    {
        var name = RegionName.Parse(source.Text("name"u8));
        return new ClusterRegion(
            checked((ushort)source.Integer("id"u8)),
            name,
            source.Text("displayName"u8, name.Text),
            new RegionPlace(source.Text("city"u8), source.Text("countryCode"u8), source.Text("country"u8), source.Number("latitude"u8), source.Number("longitude"u8)),
            source.Text("publicUrl"u8),
            source.Text("peerUrl"u8),
            checked((byte)source.Integer("incarnation"u8)),
            (RegionState)source.Integer("state"u8, (int)RegionState.Live),
            source.Flag("isSpot"u8),
            source.List("certificateSerials"u8, serial => serial.Text),
            new ClusterEpoch((ulong)source.Integer("admittedIn"u8)),
            source.Flag("isFrozen"u8),
            source.List("closed"u8, ReadClosed));
    }

    private static ClosedIncarnation ReadClosed(Value source)
    {
        var fabrics = source.List("fabrics"u8, fabric => checked((uint)fabric.Integer));
        var sequences = source.List("sequences"u8, sequence => (ulong)sequence.Integer);
        return new ClosedIncarnation(
            checked((byte)source.Integer("incarnation"u8)),
            fabrics.Zip(sequences).ToImmutableSortedDictionary(pair => pair.First, pair => pair.Second));
    }
}
