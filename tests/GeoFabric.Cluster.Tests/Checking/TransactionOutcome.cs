namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What a client knows of its transaction when the call ends. Of two attempts at one request, the lower outcome is what is known of it.</summary>
internal enum TransactionOutcome
{
    /// <summary>Acknowledged: all of it happened.</summary>
    Ok,

    /// <summary>Timed out or cut off: it happened, will happen after the client has gone on, or never happens.</summary>
    Unknown,

    /// <summary>Refused: none of it happened or ever will.</summary>
    Failed,
}
