using System.Diagnostics;
using System.Net.Sockets;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Sockets;

namespace GeoFabric.Api.Tests;

/// <summary>Clients cannot use up the files that the process may open, at which the runtime ends it.</summary>
public sealed class OpenFileLimitTests
{
    [Theory]
    [InlineData(10_000, 1_048_576, 200, 10_000)]
    [InlineData(10_000, 1024, 224, 400)]
    [InlineData(10_000, 230, 220, 8)]
    [InlineData(5, 230, 220, 5)]
    public void As_many_connections_are_taken_as_files_are_left_for(long wanted, long limit, long open, long expected) =>
        Assert.Equal(expected, OpenFileLimit.CapConnections(wanted, limit, open));

    [Fact]
    public void The_limit_is_read_from_what_the_system_says()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \n");
        Assert.Equal(1024, OpenFileLimit.ReadLimit(file));
        File.WriteAllText(file, "Max open files            unlimited            unlimited            files     \n");
        Assert.Null(OpenFileLimit.ReadLimit(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_with_few_files_outlives_clients_that_open_more_connections_than_it_has()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits are set by a shell of Linux");
        var directory = Directory.CreateTempSubdirectory("geofabric-files-");
        var server = typeof(WebServer).Assembly.Location;
        var start = new ProcessStartInfo("bash", ["-c", $"ulimit -n 330; exec dotnet '{server}' start --data '{directory.FullName}/data' --port 0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GEOFABRIC_ROOT_PASSWORD"] = "a-password-for-tests" },
        };
        using var process = Process.Start(start)!;
        var clients = new List<TcpClient>();
        try
        {
            var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string? line;
            do
                line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.Contains("ready at", StringComparison.Ordinal));
            _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, line is null ? await complaints : "");
            var address = new Uri(line!.Split("ready at ")[1].Split(' ')[0]);
            for (var i = 0; i < 400; i++)
            {
                clients.Add(new TcpClient());
                await clients[^1].ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
                try
                {
                    await clients[^1].GetStream().WriteAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                }
                catch (IOException)
                {
                    // Closed at once, as there are too many.
                }
            }
            foreach (var client in clients)
                client.Dispose();

            using var http = new HttpClient();
            HttpResponseMessage? answer = null;
            for (var tries = 0; tries < 100 && answer is null && !process.HasExited; tries++)
            {
                try
                {
                    answer = await http.GetAsync(new Uri(address, "/health"), TestContext.Current.CancellationToken);
                }
                catch (HttpRequestException)
                {
                    // The server has not yet noticed that the others are gone.
                    await Task.Delay(100, TestContext.Current.CancellationToken);
                }
            }
            Assert.False(process.HasExited, "the server ended");
            Assert.Equal(200, (int)answer!.StatusCode);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            directory.Delete(recursive: true);
        }
    }
}
