using System.Globalization;
using System.Text;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Metrics;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>Metrics in the text exposition format of Prometheus, version 0.0.4: seconds and bytes, totals since the server started.</summary>
internal static class MetricsText
{
    private delegate double? Reading(LinkStatus link);

    /// <summary>What is said of a fabric's link to a region; a reading that is not known yet is left out.</summary>
    private static readonly (string Name, string Type, string Help, Reading Read)[] s_linkMetrics =
    [
        ("geofabric_replication_connected", "gauge", "1 while the link is up and both sides know each other's positions.", link => link is { IsConnected: true, IsGreeted: true } ? 1 : 0),
        ("geofabric_replication_records_behind", "gauge", "Records of the region's log that it told of and that are not applied here.", link => link.RecordsBehind),
        ("geofabric_replication_round_trip_seconds", "gauge", "Of the last beat.", link => link.RoundTrip?.TotalSeconds),
        ("geofabric_replication_clock_offset_seconds", "gauge", "The region's clock less this one's.", link => link.ClockOffset?.TotalSeconds),
        ("geofabric_replication_records_sent_total", "counter", "Records sent to the region.", link => link.Counters.RecordsSent),
        ("geofabric_replication_records_received_total", "counter", "Records received from the region.", link => link.Counters.RecordsReceived),
        ("geofabric_replication_bytes_sent_total", "counter", "Bytes of frames sent.", link => link.Counters.BytesSent),
        ("geofabric_replication_bytes_received_total", "counter", "Bytes of frames received.", link => link.Counters.BytesReceived),
        ("geofabric_replication_duplicates_total", "counter", "Records that had come before.", link => link.Counters.Duplicates),
        ("geofabric_replication_pulls_total", "counter", "Times that records were asked for because they did not come.", link => link.Counters.Pulls),
        ("geofabric_replication_connections_total", "counter", "Times that the link came up.", link => link.Counters.Connections),
    ];

    public static string Write(ServerServices services, IReadOnlyList<FabricLinks> fabrics)
    {
        var text = new StringBuilder();
        var now = services.Clock.GetUtcNow();
        Describe(text, "geofabric_uptime_seconds", "gauge", "Since the server started.");
        Sample(text, "geofabric_uptime_seconds", (now - services.Started).TotalSeconds);
        Describe(text, "geofabric_region_ready", "gauge", "1 while the region serves reads and writes.");
        Sample(text, "geofabric_region_ready", services.Replication.Readiness == RegionReadiness.Ready ? 1 : 0, ("region", services.Region));
        WriteStorage(text, services.Metrics.Last?.Gauges);
        WriteCaches(text, services.Metrics.Caches);
        WriteLinks(text, services.Network?.Links ?? []);
        foreach (var (name, type, help, read) in s_linkMetrics)
        {
            Describe(text, name, type, help);
            foreach (var (fabric, link) in fabrics.SelectMany(fabric => fabric.Links.Select(link => (fabric, link))))
            {
                if (read(link) is { } value)
                    Sample(text, name, value, ("tenant", fabric.Tenant), ("fabric", fabric.Fabric), ("region", services.Membership.NameOf(link.Peer)));
            }
        }
        WriteAges(text, services, fabrics, now);
        WriteRefusals(text, services, fabrics);
        return text.ToString();
    }

    private static void WriteStorage(StringBuilder text, Gauges? gauges)
    {
        if (gauges is not { } known)
            return;
        Describe(text, "geofabric_storage_bytes", "gauge", "What all fabrics take up on the disk.");
        Sample(text, "geofabric_storage_bytes", known.StorageBytes);
        if (known.Disk is not { } disk)
            return;
        Describe(text, "geofabric_disk_free_bytes", "gauge", "What is free on the disk with the data directory.");
        Sample(text, "geofabric_disk_free_bytes", disk.FreeBytes);
        Describe(text, "geofabric_disk_total_bytes", "gauge", "How large that disk is.");
        Sample(text, "geofabric_disk_total_bytes", disk.TotalBytes);
    }

    private static void WriteCaches(StringBuilder text, ServerCaches caches)
    {
        var counts = caches.Read();
        Describe(text, "geofabric_cache_hits_total", "counter", "Times that a cache had what it was asked for: plans of queries, keys that are there, compiled patterns.");
        foreach (var (name, count) in ServerCaches.Names.Zip(counts))
            Sample(text, "geofabric_cache_hits_total", count.Hits, ("cache", name));
        Describe(text, "geofabric_cache_misses_total", "counter", "Times that it had not.");
        foreach (var (name, count) in ServerCaches.Names.Zip(counts))
            Sample(text, "geofabric_cache_misses_total", count.Misses, ("cache", name));
    }

    private static void WriteLinks(StringBuilder text, IReadOnlyList<PeerLink> links)
    {
        Describe(text, "geofabric_link_connected", "gauge", "1 while the connection to the region is up.");
        foreach (var link in links)
            Sample(text, "geofabric_link_connected", link.IsConnected ? 1 : 0, ("region", link.Name));
        Describe(text, "geofabric_link_waiting_bytes", "gauge", "Bytes that wait to leave for the region.");
        foreach (var link in links)
            Sample(text, "geofabric_link_waiting_bytes", link.Status.BytesWaiting, ("region", link.Name));
    }

    private static void WriteAges(StringBuilder text, ServerServices services, IReadOnlyList<FabricLinks> fabrics, DateTimeOffset now)
    {
        Describe(text, "geofabric_replication_lag_seconds", "gauge", "Nothing that the region wrote longer ago than this is missing here.");
        foreach (var (fabric, link) in fabrics.SelectMany(fabric => fabric.Links.Select(link => (fabric, link))))
        {
            if (fabric.Positions[link.Peer] is var position && position != default)
            {
                Sample(
                    text, "geofabric_replication_lag_seconds", position.AgeAt(now).TotalSeconds,
                    ("tenant", fabric.Tenant), ("fabric", fabric.Fabric), ("region", services.Membership.NameOf(link.Peer)));
            }
        }
        Describe(text, "geofabric_replication_stable_age_seconds", "gauge", "Everything older than this is applied in every region.");
        foreach (var fabric in fabrics.Where(fabric => fabric.Positions.Stable != default))
        {
            Sample(
                text, "geofabric_replication_stable_age_seconds", fabric.Positions.Stable.AgeAt(now).TotalSeconds,
                ("tenant", fabric.Tenant), ("fabric", fabric.Fabric));
        }
    }

    private static void WriteRefusals(StringBuilder text, ServerServices services, IReadOnlyList<FabricLinks> fabrics)
    {
        Describe(text, "geofabric_replication_refused_total", "counter", "Frames and records of the region that were refused, by reason.");
        foreach (var (fabric, link) in fabrics.SelectMany(fabric => fabric.Links.Select(link => (fabric, link))))
        {
            foreach (var reason in Enum.GetValues<RefusalReason>())
            {
                if (link.Counters.Refused(reason) is var count && count > 0)
                {
                    Sample(
                        text, "geofabric_replication_refused_total", count, ("tenant", fabric.Tenant), ("fabric", fabric.Fabric),
                        ("region", services.Membership.NameOf(link.Peer)), ("reason", LinkEndpoints.NameOf(reason.ToString())));
                }
            }
        }
        Describe(text, "geofabric_peer_refused_total", "counter", "Requests, links and catalogs of other regions that were refused, by reason.");
        foreach (var (reason, count) in (services.Network?.Counters.Refusals ?? new Dictionary<string, long>()).OrderBy(refusal => refusal.Key, StringComparer.Ordinal))
            Sample(text, "geofabric_peer_refused_total", count, ("reason", reason));
    }

    private static void Describe(StringBuilder text, string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void Sample(StringBuilder text, string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        text.Append(labels.Length > 0 ? "} " : " ").Append(CultureInfo.InvariantCulture, $"{value}").Append('\n');
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
