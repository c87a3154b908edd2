using System.Text.Json.Nodes;

namespace GeoFabric.Server.Commands;

/// <summary>A server that was asked has refused; the message is its own.</summary>
internal sealed class ServerRefusalException(int status, JsonObject answer) : IOException((string?)answer["errorMessage"] ?? $"status {status}")
{
    public int Status => status;

    /// <summary>The whole answer.</summary>
    public JsonObject Answer => answer;
}
