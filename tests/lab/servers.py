# SPDX-License-Identifier: MIT
"""The servers of the small internet, all real: Postfix, Dovecot, opendkim, nginx, nsd, unbound."""

import os
import signal
import socket
import subprocess
import threading

MAIL_USER = 1500

POSTFIX = """
compatibility_level = 3.10
queue_directory = {run}/{name}/queue
data_directory = {run}/{name}/data
maillog_file = /dev/stdout
syslog_name = {name}
myhostname = {host}
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 no local mail here
inet_interfaces = all
inet_protocols = all
mynetworks = 127.0.0.1/32
append_dot_mydomain = no
biff = no
notify_classes =
queue_run_delay = 1s
minimal_backoff_time = 1s
recipient_delimiter =
smtputf8_enable = no
disable_vrfy_command = yes
smtpd_delay_reject = no
smtpd_peername_lookup = no
smtpd_banner = $myhostname Microsoft ESMTP MAIL Service ready
smtpd_tls_chain_files = {certificate}
smtpd_tls_loglevel = 0
smtpd_milters = unix:{run}/milter{signer}
milter_macro_daemon_name = {name}
milter_default_action = tempfail
milter_command_timeout = 20s
smtpd_client_connection_count_limit = 0
lmtp_tls_security_level = none
"""

SUBMISSION = """
default_transport = lmtp:unix:{run}/lmtp
relay_domains =
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {run}/auth
smtpd_sasl_security_options = noanonymous
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
sender_dependent_default_transport_maps = inline:{{
    {{ spam-bounce@office.example = error:5.1.8 Access denied, bad outbound sender }} }}
"""

MX = """
default_transport = error:5.7.1 this server only receives
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{run}/mx/recipients
virtual_transport = lmtp:unix:{run}/lmtp
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = may
"""

POSTFIX_SERVICES = """
cleanup   unix  n  -  n  -     0  cleanup
qmgr      unix  n  -  n  300   1  qmgr
tlsmgr    unix  -  -  n  1000? 1  tlsmgr
rewrite   unix  -  -  n  -     -  trivial-rewrite
bounce    unix  -  -  n  -     0  bounce
defer     unix  -  -  n  -     0  bounce
trace     unix  -  -  n  -     0  bounce
verify    unix  -  -  n  -     1  verify
flush     unix  n  -  n  1000? 0  flush
proxymap  unix  -  -  n  -     -  proxymap
smtp      unix  -  -  n  -     -  smtp
error     unix  -  -  n  -     -  error
retry     unix  -  -  n  -     -  error
discard   unix  -  -  n  -     -  discard
lmtp      unix  -  -  n  -     -  lmtp
anvil     unix  -  -  n  -     1  anvil
scache    unix  -  -  n  -     1  scache
postlog   unix-dgram n - n  -  1  postlogd
"""

DOVECOT = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {run}/dovecot
state_dir = {run}/dovecot
log_path = /dev/stderr
log_timestamp = "%Y-%m-%d %H:%M:%S "
protocols {{
    imap = yes
    pop3 = yes
    lmtp = yes
}}
listen = *, ::
login_greeting = The Microsoft Exchange IMAP4 service is ready.
first_valid_uid = {user}
mail_driver = maildir
mail_path = ~/Maildir
mail_log_prefix = "%{{service}}(%{{user}}): "
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
ssl = required
ssl_server_cert_file = {certificate}
ssl_server_key_file = {certificate}
passdb passwd-file {{
    passwd_file_path = {run}/users/%{{protocol}}
    default_password_scheme = PLAIN
}}
passdb oauth2 {{
    mechanisms_filter = xoauth2 oauthbearer
}}
oauth2 {{
    introspection_mode = get
    introspection_url = http://127.0.0.1:{token_port}/whose?access_token=
    username_attribute = email
}}
userdb passwd-file {{
    passwd_file_path = {run}/users/all
    fields {{
        uid = {user}
        gid = {user}
        home = {run}/mail/%{{user}}
    }}
}}
mail_plugins {{
    quota = yes
}}
quota mailbox {{
    quota_storage_size = 100M
}}
protocol imap {{
    mail_plugins {{
        imap_quota = yes
    }}
}}
namespace inbox {{
    inbox = yes
    separator = /
    mailbox "Junk Email" {{
        special_use = \\Junk
        auto = create
    }}
    mailbox Sent {{
        special_use = \\Sent
        auto = create
    }}
}}
service imap-login {{
    inet_listener imap {{
        port = 0
    }}
    inet_listener imaps {{
        port = 993
        ssl = yes
    }}
}}
service pop3-login {{
    inet_listener pop3 {{
        port = 0
    }}
    inet_listener pop3s {{
        port = 995
        ssl = yes
    }}
}}
service auth {{
    unix_listener {run}/auth {{
        mode = 0666
    }}
}}
service anvil {{
    unix_listener anvil-auth-penalty {{
        mode = 0
    }}
}}
service lmtp {{
    unix_listener {run}/lmtp {{
        mode = 0666
    }}
}}
protocol lmtp {{
    mail_plugins {{
        sieve = yes
    }}
}}
sieve_script junk {{
    type = before
    path = {run}/junk.sieve
}}
"""

SIEVE = """require "fileinto";
if header :is "X-Laboratory-Junk" "yes" { fileinto "Junk Email"; stop; }
"""

NGINX = """
daemon off;
master_process off;
pid {run}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log {logs}/nginx-access.log;
    client_body_temp_path {run}/nginx;
    proxy_temp_path {run}/nginx;
    fastcgi_temp_path {run}/nginx;
    uwsgi_temp_path {run}/nginx;
    scgi_temp_path {run}/nginx;
    server {{
        listen *:443 ssl;
        listen [::]:443 ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
        location / {{
            proxy_pass http://unix:{run}/owa:;
            proxy_set_header Host $host;
            proxy_set_header X-Peer $remote_addr;
            proxy_buffering off;
        }}
    }}
}}
"""


def patiently(condition, what, seconds=20):
    """Waits until condition() is true."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        answer = condition()
        if answer:
            return answer
        pause.wait(0.02)
    raise RuntimeError(f"{what}: not so after {seconds} s")


class Server:
    """One server in the foreground, in a namespace, ended by its own process id."""

    def __init__(self, name, namespaces, site, logs, *command):
        self.name = name
        self.path = os.path.join(logs, f"{name}.log")
        self.log = open(self.path, "wb")
        # Dovecot would ask the DNS for its own name, of which the lab's DNS knows nothing.
        name = {"DOVECOT_HOSTNAME": "ex4", "DOVECOT_HOSTDOMAIN": "ex4.mail.ovh.net"}
        self.process = subprocess.Popen(
            namespaces.command(site, *command),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **name},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def text(self, since=0):
        with open(self.path, "rb") as file:
            file.seek(since)
            return file.read().decode("utf-8", "replace")

    def size(self):
        return os.path.getsize(self.path)

    def alive(self):
        return self.process.poll() is None

    def tell_to_end(self):
        if self.alive():
            self.process.send_signal(signal.SIGTERM)

    def stop(self):
        self.tell_to_end()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def answers(address, port, kind=socket.SOCK_STREAM):
    """Whether something accepts connections there; called in a namespace."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def smtpd(address, port, host, *options):
    """The line of master.cf that makes Postfix listen there under that name."""
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    line = f"{place} inet n - n - - smtpd -o myhostname={host}"
    return line + "".join(f" -o {option}" for option in options if option)
