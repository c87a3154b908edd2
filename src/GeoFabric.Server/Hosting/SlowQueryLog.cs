using GeoFabric.Query.Execution;

namespace GeoFabric.Server.Hosting;

/// <summary>A line in the server's log for every slow query: who, where, how long and the beginning of the text. Bind values are not in it.</summary>
internal sealed partial class SlowQueryLog(ILogger<SlowQueryLog> logger)
{
    private const int TextLengthMax = 500;

    public void Write(QueryInfo query)
    {
        var text = query.Text.ReplaceLineEndings(" ");
        if (text.Length > TextLengthMax)
            text = text[..TextLengthMax] + "...";
        Log.SlowQuery(logger, query.RunSeconds, query.Caller.FabricName, query.Caller.UserName, query.PeakMemoryBytes, text);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "slow query: {Seconds:0.000} s in fabric {Fabric} by {User}, {PeakMemoryBytes} bytes: {Query}")]
        public static partial void SlowQuery(ILogger logger, double seconds, string fabric, string user, long peakMemoryBytes, string query);
    }
}
