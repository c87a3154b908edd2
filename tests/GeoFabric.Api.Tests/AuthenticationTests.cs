using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests;

public sealed class AuthenticationTests(ServerFixture server)
{
    [Theory]
    [InlineData("""{"tenant":"_mm","username":"root","password":"Secret-123"}""")]
    [InlineData("""{"email":"root@localhost","password":"Secret-123"}""")]
    [InlineData("""{"username":"root","password":"Secret-123"}""")]
    public async Task Both_forms_of_login_answer_a_token_with_the_claims_clients_read(string body)
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        var answer = await anonymous.PostAsync("/_open/auth", body);

        answer.AssertStatus(200);
        Assert.Equal(["jwt", "tenant", "username"], answer.Body!.AsObject().Select(attribute => attribute.Key));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(((string)answer["jwt"]!).Split('.')[1]))!;
        Assert.Equal("macrometa", (string)claims["iss"]!);
        Assert.Equal("_mm", (string)claims["tenant"]!);
        Assert.Equal("_mm", (string)claims["sub"]!);
        Assert.Equal("root", (string)claims["preferred_username"]!);
        Assert.Equal(12 * 3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Theory]
    [InlineData("""{"tenant":"_mm","username":"root","password":"wrong"}""", 401)]
    [InlineData("""{"tenant":"_mm","username":"nobody","password":"wrong"}""", 401)]
    [InlineData("""{"tenant":"other","username":"root","password":"Secret-123"}""", 401)]
    [InlineData("""{"tenant":"other","username":"root@localhost","password":"Secret-123"}""", 401)]
    [InlineData("""{"email":"nobody@example.com","password":"wrong"}""", 401)]
    [InlineData("""{"username":"root"}""", 11)]
    [InlineData("""{"password":"x"}""", 11)]
    [InlineData("{}", 11)]
    [InlineData("[]", 11)]
    [InlineData("7", 11)]
    [InlineData("", 11)]
    [InlineData("""{"email":5,"password":"x"}""", 11)]
    [InlineData("""{"email":"root@localhost","password":7}""", 11)]
    [InlineData("""{"tenant":{},"username":"root","password":"x"}""", 11)]
    [InlineData("""{"email":"no address","password":"x"}""", 11)]
    [InlineData("""{"email":"root","password":"wrong"}""", 11)]
    public async Task A_bad_login_is_401_and_does_not_tell_whether_the_user_exists(string body, int number)
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        (await anonymous.PostAsync("/_open/auth", body)).AssertError(401, number);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("Bearer")]
    [InlineData("BEARER")]
    public async Task The_scheme_is_accepted_in_any_letter_case(string scheme) =>
        (await server.Root.WithAuthorization($"{scheme} {server.Root.Token}").GetAsync("/_fabric/_system/_api/collection")).AssertStatus(200);

    [Fact]
    public async Task Basic_credentials_work_by_name_and_by_email()
    {
        foreach (var name in (string[])["root", "root@localhost"])
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{ServerFixture.Password}"));
            (await server.Root.WithAuthorization("Basic " + credentials).GetAsync("/_fabric/_system/_api/collection")).AssertStatus(200);
        }
    }

    [Fact]
    public async Task Without_credentials_everything_below_a_fabric_is_401_11() =>
        (await server.Root.WithAuthorization(null).GetAsync("/_fabric/_system/_api/collection")).AssertError(401, 11);

    [Fact]
    public async Task A_token_that_was_changed_anywhere_is_refused()
    {
        var token = server.Root.Token!;
        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        claims["preferred_username"] = "admin";
        var forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        string Header(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        string[] tokens =
        [
            $"{parts[0]}.{forged}.{parts[2]}",
            $"{Header("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Header("""{"alg":"HS256","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            $"{Header("""{"alg":"HS256","jku":"http://x","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            $"{Header("""{"alg":"HS256","crit":["x"],"typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{forged}.{Base64Url.EncodeToString(HMACSHA256.HashData(new byte[32], Encoding.ASCII.GetBytes($"{parts[0]}.{forged}")))}",
            token[..^2],
            token + "A",
            $"{parts[0]}.{parts[1]}",
        ];

        foreach (var changed in tokens)
            (await server.Root.WithAuthorization("bearer " + changed).GetAsync("/_fabric/_system/_api/collection")).AssertError(401, 11);
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_survives_a_restart_until_then()
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            var clock = new ShiftedTimeProvider();
            var options = ServerFixture.Options with { DataDirectory = directory.FullName };
            options = options with { Login = options.Login with { RootPasswordMade = _ => Assert.Fail("a password was made up although one was given") } };
            string token;
            await using (var first = await ServerHost.StartAsync(options, clock, TestContext.Current.CancellationToken))
            {
                using var client = await ApiClient.LogInAsync(first.Url, "_mm", "root", ServerFixture.Password);
                token = client.Token!;
            }
            await using var second = await ServerHost.StartAsync(options with { Login = options.Login with { RootPassword = "something else" } }, clock, TestContext.Current.CancellationToken);
            using var anonymous = ApiClient.Anonymous(second.Url);
            var again = anonymous.WithAuthorization("bearer " + token);

            (await again.GetAsync("/_fabric/_system/_api/collection")).AssertStatus(200);
            clock.Shift = TimeSpan.FromHours(11.9);
            (await again.GetAsync("/_fabric/_system/_api/collection")).AssertStatus(200);
            clock.Shift = TimeSpan.FromHours(12.1);
            (await again.GetAsync("/_fabric/_system/_api/collection")).AssertError(401, 11);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory.FullName, "token.key")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_eleventh_failed_login_of_a_name_is_429_until_five_minutes_have_passed()
    {
        var clock = new ShiftedTimeProvider();
        await using var own = await ServerHost.StartAsync(ServerFixture.Options, clock, TestContext.Current.CancellationToken);
        using var anonymous = ApiClient.Anonymous(own.Url);
        const string wrong = """{"username":"root","password":"wrong"}""";
        const string right = """{"username":"root","password":"Secret-123"}""";

        for (var i = 0; i < 10; i++)
            (await anonymous.PostAsync("/_open/auth", wrong)).AssertError(401, 401);

        var refused = (await anonymous.PostAsync("/_open/auth", right)).AssertError(429, 429);
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        clock.Shift = TimeSpan.FromMinutes(5.1);
        (await anonymous.PostAsync("/_open/auth", right)).AssertStatus(200);
    }

    [Fact]
    public async Task A_first_start_without_a_password_makes_one_up()
    {
        var made = "";
        var options = ServerFixture.Options with { Login = new LoginOptions { PasswordRounds = 1000, RootPasswordMade = password => made = password } };
        await using var own = await ServerHost.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(20, made.Length);
        using var client = await ApiClient.LogInAsync(own.Url, "_mm", "root", made);
    }

    [Fact]
    public void All_wrong_settings_are_reported_together()
    {
        var problems = new ServerOptions { Port = 70000, Host = "no such host", Region = "", Login = new LoginOptions { RootPassword = "abc" } }.Problems();

        Assert.Equal(4, problems.Count);
    }

    /// <summary>The system's clock, moved ahead.</summary>
    private sealed class ShiftedTimeProvider : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
